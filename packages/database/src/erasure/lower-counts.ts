import { sql } from 'kysely';
import { int2s, int8s } from '../binary-array.ts';
import type { CountDelta, CountLevel } from '../ingest/add-counts.ts';
import type { TenantTransaction } from '../with-tenant.ts';

/** Takes from a count table what is there of the deltas. To be done under the head's lock. */
export async function lowerCounts(
  { db, tenantId }: TenantTransaction,
  level: CountLevel,
  deltas: readonly CountDelta[],
): Promise<void> {
  if (deltas.length === 0) return;
  const column = sql.ref(level === 'day' ? 'day' : 'bucket');
  const table = sql.table(`event_counts_${level}`);
  const given = sql`
    FROM unnest(
      ${deltas.map(({ bucket }) => bucket)}::${sql.raw(level === 'day' ? 'date[]' : 'timestamptz[]')},
      ${int2s(deltas.map(({ typeId }) => typeId))},
      ${int2s(deltas.map(({ device }) => device))},
      ${int8s(deltas.map(({ events }) => events))}
    ) AS given(at, type_id, device, events)`;
  const isGiven = sql`
    counts.tenant_id = ${tenantId} AND counts.${column} = given.at
    AND counts.type_id = given.type_id AND counts.device = given.device`;
  await sql`UPDATE ${table} AS counts SET events = counts.events - given.events ${given} WHERE ${isGiven}`.execute(db);
  await sql`
    DELETE FROM ${table} AS counts USING (SELECT * ${given}) AS given
    WHERE ${isGiven} AND counts.events <= 0`.execute(db);
}
