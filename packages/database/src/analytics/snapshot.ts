import { sql } from 'kysely';
import type { TenantTransaction } from '../with-tenant.ts';

/** Where in the tenant's history a transaction's snapshot stands. */
export type Snapshot = {
  /** The last commit it holds. */
  readonly seq: number;
  /** The database's clock, epoch ms. */
  readonly asOf: number;
};

/** The first statement of an answer: it takes the snapshot that all later ones share. */
export async function takeSnapshot({ db, tenantId }: TenantTransaction): Promise<Snapshot> {
  const { rows } = await sql<Snapshot>`
    SELECT seq, date_trunc('milliseconds', statement_timestamp()) AS "asOf"
    FROM tenant_heads WHERE tenant_id = ${tenantId}`.execute(db);
  const snapshot = rows[0];
  if (snapshot === undefined) throw new Error(`tenant ${tenantId} has no head`);
  return snapshot;
}
