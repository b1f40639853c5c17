import { type RawBuilder, sql } from 'kysely';
import { instant } from '../instant.ts';
import type { TenantTransaction } from '../with-tenant.ts';

/** Deletes at most `limit` of the oldest raw events before an instant (epoch ms); says how many. */
export async function deleteEventsBefore(
  { db, tenantId }: TenantTransaction,
  before: number,
  limit: number,
): Promise<number> {
  const { numAffectedRows } = await sql`
    DELETE FROM events USING (
      SELECT id, occurred_at FROM events
      WHERE tenant_id = ${tenantId} AND occurred_at < ${instant(before)}
      ORDER BY occurred_at LIMIT ${limit}
    ) AS oldest
    WHERE events.tenant_id = ${tenantId} AND events.occurred_at < ${instant(before)}
      AND events.occurred_at = oldest.occurred_at AND events.id = oldest.id`.execute(db);
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
  for (const table of ['event_counts_minute', 'event_counts_quarter', 'user_sets_hour']) {
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
