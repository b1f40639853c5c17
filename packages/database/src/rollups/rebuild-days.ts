import { type RawBuilder, sql } from 'kysely';
import { instant, instants } from '../instant.ts';
import type { TenantTransaction } from '../with-tenant.ts';
import { insertUserSets, type SetKinds } from './insert-user-sets.ts';

/** Days that follow each other without a gap, oldest first, each with the instant (epoch ms) of its start. */
export type DayStretch = {
  readonly days: readonly { readonly day: string; readonly from: number }[];
  /** Where the last of them ends: epoch ms, and the day after. */
  readonly to: number;
  readonly toDay: string;
};

/** Counts the days of a stretch anew from their quarter-hours. To be done under the head's lock. */
export async function rebuildDayCounts({ db, tenantId }: TenantTransaction, stretch: DayStretch): Promise<void> {
  const { from, fromDay, dayOfBucket } = boundsOf(stretch);
  await sql`
    DELETE FROM event_counts_day
    WHERE tenant_id = ${tenantId} AND day >= ${fromDay}::date AND day < ${stretch.toDay}::date`.execute(db);
  await sql`
    INSERT INTO event_counts_day (tenant_id, day, type_id, device, events)
    SELECT ${tenantId}, ${dayOfBucket}, type_id, device, sum(events)
    FROM event_counts_quarter
    WHERE tenant_id = ${tenantId} AND bucket >= ${from} AND bucket < ${instant(stretch.to)}
    GROUP BY 2, 3, 4`.execute(db);
}

/** Unites the users of a stretch's days anew from the fine sets, which its days must meet. Under the fold's lock. */
export async function rebuildDaySets(
  transaction: TenantTransaction,
  stretch: DayStretch,
  { typeIds, devices }: SetKinds,
): Promise<void> {
  const { db, tenantId } = transaction;
  const { from, fromDay, dayOfBucket } = boundsOf(stretch);
  await sql`
    DELETE FROM user_sets_day
    WHERE tenant_id = ${tenantId} AND type_id = ANY(${typeIds}::smallint[]) AND device = ANY(${devices}::smallint[])
      AND day >= ${fromDay}::date AND day < ${stretch.toDay}::date`.execute(db);
  // One range of the index per kind of set: by time alone it would be read from end to end.
  const stored = sql`
    SELECT ${dayOfBucket} AS bucket, type_id, device, chunk, members, bits
    FROM user_sets_hour
    WHERE tenant_id = ${tenantId} AND type_id = ANY(${typeIds}::smallint[]) AND device = ANY(${devices}::smallint[])
      AND bucket >= ${from} AND bucket < ${instant(stretch.to)}`;
  await insertUserSets(
    transaction,
    'day',
    sql`
      WITH stored AS MATERIALIZED (${stored}), sparse AS (
        SELECT bucket, type_id, device, chunk, array_agg(DISTINCT member ORDER BY member) AS members
        FROM stored, user_set_list(members) AS member GROUP BY 1, 2, 3, 4
      ), dense AS (
        SELECT bucket, type_id, device, chunk, bit_or(bits) AS bits
        FROM stored WHERE bits IS NOT NULL GROUP BY 1, 2, 3, 4
      )
      SELECT bucket, type_id, device, chunk, members, bits
      FROM sparse FULL JOIN dense USING (bucket, type_id, device, chunk)`,
  );
}

/** Deletes the rows of the days before one, which are of a calendar that the tenant no longer has. */
export async function dropDaysBefore({ db, tenantId }: TenantTransaction, day: string): Promise<void> {
  for (const table of ['event_counts_day', 'user_sets_day'] as const) {
    await db.deleteFrom(table).where('tenant_id', '=', tenantId).where('day', '<', day).execute();
  }
}

function boundsOf({ days }: DayStretch): {
  from: RawBuilder<number>;
  fromDay: string;
  dayOfBucket: RawBuilder<string>;
} {
  const [first] = days;
  if (first === undefined) throw new TypeError('a stretch has at least one day');
  return {
    from: instant(first.from),
    fromDay: first.day,
    dayOfBucket: sql<string>`(${days.map(({ day }) => day)}::date[])[width_bucket(bucket, ${instants(days.map(({ from }) => from))})]`,
  };
}
