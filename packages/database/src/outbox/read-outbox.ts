import { sql } from 'kysely';
import type { TenantTransaction } from '../with-tenant.ts';
import { findHead } from './find-commits.ts';

/** What commits beyond a place in the tenant's order have changed. */
export type Outbox = {
  /** The head: no commit is missing up to it. */
  readonly seq: number;
  /** The UTC days touched; `all` where they cannot be told, or there are more than `limit` commits. */
  readonly days: readonly string[] | 'all';
};

/**
 * Reads the outbox beyond `after` (undefined: nothing is known). Undefined where nothing was committed
 * since. A commit without days says that anything may have changed.
 */
export async function readOutbox(
  transaction: TenantTransaction,
  after: number | undefined,
  limit: number,
): Promise<Outbox | undefined> {
  const { db, tenantId } = transaction;
  const seq = await findHead(transaction);
  if (after !== undefined && seq <= after) return undefined;
  if (after === undefined || seq - after > limit) return { seq, days: 'all' };
  const { rows } = await sql<{ days: string[] }>`
    SELECT days::text[] FROM commits WHERE tenant_id = ${tenantId} AND seq > ${after}`.execute(db);
  const { rows: kept } = await sql`
    SELECT FROM commits WHERE tenant_id = ${tenantId} AND seq <= ${after} LIMIT 1`.execute(db);
  // Without a kept commit up to there, some beyond may have been pruned as well.
  if (kept.length === 0 || rows.some(({ days }) => days.length === 0)) return { seq, days: 'all' };
  return { seq, days: [...new Set(rows.flatMap(({ days }) => days))].sort() };
}
