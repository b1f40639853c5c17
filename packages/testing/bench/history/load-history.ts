import { foldAll, type Resources } from '@tidemark/services';
import type { Oracle } from '../../src/oracle/oracle.ts';

const DAY_MS = 24 * 60 * 60_000;

export type History = {
  readonly tenantId: string;
  readonly events: number;
  /** Half-open, epoch ms; events are spread evenly over it. */
  readonly from: number;
  readonly to: number;
  readonly users: number;
  readonly types: number;
  readonly devices: number;
};

/**
 * Gives a tenant of UTC a history, faster than ingest would: events, counts and the user log by SQL of its own,
 * independent of the product's; user sets by the product's fold. The audit holds the whole to what ingest makes.
 */
export async function loadHistory(oracle: Oracle, resources: Resources, history: History): Promise<void> {
  const { tenantId, from, to, users, types } = history;
  await resources.partitions.ensure(
    Array.from({ length: Math.ceil((to - from) / DAY_MS) + 1 }, (_, day) => Math.min(to - 1, from + day * DAY_MS)),
  );
  await oracle.ask(`INSERT INTO users SELECT $1, 'user-' || n, n FROM generate_series(0, $2::int - 1) AS n`, [
    tenantId,
    users,
  ]);
  await oracle.ask(`INSERT INTO event_types SELECT $1, n, 'type-' || n FROM generate_series(1, $2::int) AS n`, [
    tenantId,
    types,
  ]);
  for (let at = from; at < to; at += DAY_MS) await loadEvents(oracle, history, at, Math.min(to, at + DAY_MS));
  for (const { table, bucket } of COUNTS) {
    await oracle.ask(
      `INSERT INTO ${table} SELECT $1, ${bucket}, type_id, device, count(*)
       FROM events JOIN event_types USING (tenant_id) WHERE tenant_id = $1 AND name = type
       GROUP BY 2, 3, 4`,
      [tenantId],
    );
  }
  // A commit per hour, as the fold takes whole commits.
  await oracle.ask(
    `INSERT INTO user_log (tenant_id, seq, quarter, type_id, device, ordinals)
     SELECT $1, extract(epoch FROM quarter - $2::timestamptz)::bigint / 3600 + 1, quarter, type_id, device, ordinals
     FROM (
       SELECT date_bin('15 minutes', occurred_at, 'epoch') AS quarter, type_id, device, array_agg(DISTINCT user_ordinal) AS ordinals
       FROM events JOIN event_types USING (tenant_id) WHERE tenant_id = $1 AND name = type GROUP BY 1, 2, 3
     ) AS seen`,
    [tenantId, toText(from)],
  );
  await oracle.ask(
    `UPDATE tenant_heads SET next_ordinal = $2, next_type_id = $3, seq = (SELECT max(seq) FROM user_log WHERE tenant_id = $1)
     WHERE tenant_id = $1`,
    [tenantId, users, types + 1],
  );
  await foldAll(resources);
}

const COUNTS = [
  { table: 'event_counts_quarter', bucket: "date_bin('15 minutes', occurred_at, 'epoch')" },
  { table: 'event_counts_day', bucket: "(occurred_at AT TIME ZONE 'UTC')::date" },
] as const;

/** The events of a stretch, in the order of time as ingest would have met them. */
async function loadEvents(oracle: Oracle, history: History, from: number, to: number): Promise<void> {
  const { tenantId, users, types, devices } = history;
  const placeOf = (at: number) => Math.round(((at - history.from) / (history.to - history.from)) * history.events);
  const count = placeOf(to) - placeOf(from);
  if (count === 0) return;
  await oracle.ask(
    `INSERT INTO events (tenant_id, id, occurred_at, received_at, user_ordinal, device, type, user_id, session_id, properties)
     SELECT $1, gen_random_uuid(), at, at, ordinal, device, 'type-' || type, 'user-' || ordinal, NULL,
       jsonb_build_object('path', '/products/' || place % 1000, 'amount', place % 10000)
     FROM (
       SELECT place, date_trunc('milliseconds', $2::timestamptz + place * ($3::timestamptz - $2::timestamptz) / $4::int) AS at,
         floor(random() * $5::int)::int AS ordinal, floor(random() * $6::int)::int + 1 AS type,
         floor(random() * $7::int)::int + 1 AS device
       FROM generate_series(0, $4::int - 1) AS place
     ) AS drawn`,
    [tenantId, toText(from), toText(to), count, users, types, devices],
  );
}

function toText(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
