import { type RawBuilder, sql } from 'kysely';
import { instant } from '../instant.ts';
import type { TenantTransaction } from '../with-tenant.ts';

/**
 * Deletes about `limit` of the oldest raw events before an instant (epoch ms); says how many. By time and not by key:
 * whatever the planner knows of the partition, it can only walk it once. Those of the last millisecond go too.
 */
export async function deleteEventsBefore(
  { db, tenantId }: TenantTransaction,
  before: number,
  limit: number,
): Promise<number> {
  const old = sql`tenant_id = ${tenantId} AND occurred_at < ${instant(before)}`;
  const { rows: last } = await sql<{ at: number }>`
    SELECT occurred_at AS at FROM events WHERE ${old}
    ORDER BY occurred_at OFFSET ${limit - 1} LIMIT 1`.execute(db);
  const { numAffectedRows } = await sql`
    DELETE FROM events WHERE ${old} AND occurred_at <= ${instant(last[0]?.at ?? before)}`.execute(db);
  return Number(numAffectedRows ?? 0);
}

/** What of the rollups lies before a horizon: instants (epoch ms) before it, and days before the first whole one. */
export type RollupBound = { readonly before: number; readonly beforeDay: string };

/** Deletes at most `limit` rows of each rollup before a horizon; says whether that was all. */
export async function deleteRollupsBefore(
  { db, tenantId }: TenantTransaction,
  { before, beforeDay }: RollupBound,
  limit: number,
): Promise<boolean> {
  let isAll = true;
  const deleteRows = async (table: string, condition: RawBuilder<unknown>) => {
    const { numAffectedRows } = await sql`
      DELETE FROM ${sql.table(table)} WHERE tenant_id = ${tenantId} AND ctid = ANY(ARRAY(
        SELECT ctid FROM ${sql.table(table)} WHERE tenant_id = ${tenantId} AND ${condition} LIMIT ${limit}
      ))`.execute(db);
    isAll &&= Number(numAffectedRows ?? 0) < limit;
  };
  for (const table of ['event_counts_quarter', 'user_sets_hour']) {
    await deleteRows(table, sql`bucket < ${instant(before)}`);
  }
  for (const table of ['event_counts_day', 'user_sets_day']) {
    await deleteRows(table, sql`day < ${beforeDay}::date`);
  }
  return isAll;
}

/** How many whole months (UTC) that end before `to` hold events of the tenant's from `from` on (epoch ms). */
export async function countMonths(
  { db, tenantId }: TenantTransaction,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<number> {
  const { rows } = await sql<{ months: number }>`
    SELECT count(DISTINCT date_trunc('month', bucket, 'UTC')) AS months FROM event_counts_quarter
    WHERE tenant_id = ${tenantId} AND bucket >= ${instant(from)} AND bucket < date_trunc('month', ${instant(to)}, 'UTC')`.execute(
    db,
  );
  return rows[0]?.months ?? 0;
}
