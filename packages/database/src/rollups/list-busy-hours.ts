import { sql } from 'kysely';
import { instant } from '../instant.ts';
import type { TenantTransaction } from '../with-tenant.ts';

/** A UTC hour (epoch ms) and how many events it has. */
export type BusyHour = { readonly hour: number; readonly events: number };

/** The hours of `[from, to)` that have events, newest first. */
export async function listBusyHours(
  { db, tenantId }: TenantTransaction,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<BusyHour[]> {
  const { rows } = await sql<BusyHour>`
    SELECT date_bin('1 hour', bucket, 'epoch') AS hour, sum(events)::bigint AS events
    FROM event_counts_quarter
    WHERE tenant_id = ${tenantId} AND bucket >= ${instant(from)} AND bucket < ${instant(to)}
    GROUP BY 1 ORDER BY 1 DESC`.execute(db);
  return rows;
}

/** The oldest quarter-hour (epoch ms) that has events. */
export async function findOldestQuarter({ db, tenantId }: TenantTransaction): Promise<number | undefined> {
  const row = await db
    .selectFrom('event_counts_quarter')
    .select('bucket')
    .where('tenant_id', '=', tenantId)
    .orderBy('bucket')
    .limit(1)
    .executeTakeFirst();
  return row?.bucket;
}
