import { sql } from 'kysely';
import type { TenantTransaction } from '../with-tenant.ts';

/** What of a tenant waits to be folded. */
export type FoldLag = {
  /** When the oldest commit that waits was made, epoch ms; null where none waits. */
  readonly since: number | null;
  /** Users of commits, quarter-hours, types and devices in the log. */
  readonly users: number;
  /** The first local day whose rows are of the tenant's zone, where a change of zone is under way; else null. */
  readonly daysFrom: string | null;
};

export async function findFoldLag({ db, tenantId }: TenantTransaction): Promise<FoldLag> {
  const { rows } = await sql<FoldLag>`
    SELECT
      (SELECT min(committed_at) FROM commits WHERE tenant_id = ${tenantId}
         AND seq >= (SELECT min(seq) FROM user_log WHERE tenant_id = ${tenantId})) AS since,
      (SELECT coalesce(sum(cardinality(ordinals)), 0) FROM user_log WHERE tenant_id = ${tenantId}) AS users,
      (SELECT days_from FROM tenant_heads WHERE tenant_id = ${tenantId}) AS "daysFrom"`.execute(db);
  return rows[0] ?? { since: null, users: 0, daysFrom: null };
}
