import { sql } from 'kysely';
import { int2s, int8s } from '../binary-array.ts';
import type { TenantTransaction } from '../with-tenant.ts';

/** How many events one cell of a count table gains; `bucket` is an ISO instant, or a day for days. */
export type CountDelta = {
  readonly bucket: string;
  readonly typeId: number;
  readonly device: number;
  readonly events: number;
};

export const COUNT_LEVELS = ['quarter', 'day'] as const;
export type CountLevel = (typeof COUNT_LEVELS)[number];

/** Adds to a count table. Deltas must come sorted by key, so that writers meet rows in one order. */
export async function addCounts(
  { db, tenantId }: TenantTransaction,
  level: CountLevel,
  deltas: readonly CountDelta[],
): Promise<void> {
  if (deltas.length === 0) return;
  const column = sql.ref(level === 'day' ? 'day' : 'bucket');
  const type = sql.raw(level === 'day' ? 'date[]' : 'timestamptz[]');
  const table = sql.table(`event_counts_${level}`);
  await sql`
    INSERT INTO ${table} AS counts (tenant_id, ${column}, type_id, device, events)
    SELECT ${tenantId}, given.*
    FROM unnest(
      ${deltas.map(({ bucket }) => bucket)}::${type},
      ${int2s(deltas.map(({ typeId }) => typeId))},
      ${int2s(deltas.map(({ device }) => device))},
      ${int8s(deltas.map(({ events }) => events))}
    ) AS given
    ON CONFLICT (tenant_id, ${column}, type_id, device)
    DO UPDATE SET events = counts.events + excluded.events`.execute(db);
}
