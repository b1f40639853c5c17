import { type Kysely, sql } from 'kysely';
import type { Tables } from '../tables.ts';

/** Held while partitions are made or dropped; any constant that nobody else uses. */
export const PARTITION_LOCK = 7_113_050;

/**
 * Makes the monthly partitions of `events` that are not there. Each is created apart and attached:
 * `PARTITION OF` would wait behind every open read. `months` are `YYYY-MM` in UTC.
 */
export async function ensurePartitions(owner: Kysely<Tables>, months: readonly string[]): Promise<void> {
  const names = months.map(toPartitionName);
  const { rows } = await sql<{ relname: string }>`
    SELECT relname FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
    WHERE inhparent = 'events'::regclass AND relname = ANY(${names}::text[])`.execute(owner);
  const present = new Set(rows.map(({ relname }) => relname));
  for (const month of months) {
    if (!present.has(toPartitionName(month))) await createPartition(owner, month);
  }
}

async function createPartition(owner: Kysely<Tables>, month: string): Promise<void> {
  const name = toPartitionName(month);
  const from = `${month}-01`;
  const to = nextMonth(month);
  await owner.transaction().execute(async (transaction) => {
    await sql`SELECT pg_advisory_xact_lock(${PARTITION_LOCK})`.execute(transaction);
    const { rows } = await sql`SELECT to_regclass(${name}) AS found`.execute(transaction);
    if ((rows[0] as { found: string | null }).found !== null) return;
    await sql.raw(`CREATE TABLE ${name} (LIKE events INCLUDING ALL)`).execute(transaction);
    await sql
      .raw(
        `ALTER TABLE ${name} ADD CONSTRAINT ${name}_month CHECK (occurred_at >= '${from}' AND occurred_at < '${to}')`,
      )
      .execute(transaction);
    await sql
      .raw(`ALTER TABLE events ATTACH PARTITION ${name} FOR VALUES FROM ('${from}') TO ('${to}')`)
      .execute(transaction);
    await sql.raw(`ALTER TABLE ${name} DROP CONSTRAINT ${name}_month`).execute(transaction);
  });
}

function toPartitionName(month: string): string {
  return `events_${month.replace('-', '_')}`;
}

/** The first day of the month after `month`, as a date in UTC. */
function nextMonth(month: string): string {
  const start = new Date(`${month}-01T00:00:00Z`);
  start.setUTCMonth(start.getUTCMonth() + 1);
  return start.toISOString().slice(0, 10);
}
