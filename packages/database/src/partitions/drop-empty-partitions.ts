import { type Kysely, sql } from 'kysely';
import { type Fault, toFault } from '../sql-state.ts';
import type { Tables } from '../tables.ts';
import { PARTITION_LOCK } from './ensure-partitions.ts';

/** Whoever comes meanwhile waits behind us: for this long at most, and then we let them pass and come back later. */
const LOCK_TIMEOUT_MS = 100;
const GIVES_WAY: ReadonlySet<Fault> = new Set(['timeout', 'crowded', 'transient']);
/** A look at a partition whose rows were deleted and not yet vacuumed reads all of its pages. */
const LOOK_TIMEOUT_MS = 2_000;

/**
 * Drops the partitions of `events` before a month (`YYYY-MM`, UTC) in which no tenant has an event; returns the
 * months dropped. At the first that is in use it stops until the next time. Ingest that comes too late finds no
 * partition and makes it anew.
 */
export async function dropEmptyPartitions(owner: Kysely<Tables>, before: string): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    SELECT relname AS name FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
    WHERE inhparent = 'events'::regclass ORDER BY relname`.execute(owner);
  const dropped: string[] = [];
  for (const { name } of rows) {
    const month = name.slice('events_'.length).replace('_', '-');
    if (month >= before) continue;
    const outcome = await dropPartition(owner, name);
    if (outcome === 'in use') break;
    if (outcome === 'dropped') dropped.push(month);
  }
  return dropped;
}

/**
 * The partition is locked first, which keeps nobody waiting who has nothing in it, and the parent for the moment of
 * the drop alone. Someone who holds the parent and wants the partition makes us give up, not them.
 */
async function dropPartition(owner: Kysely<Tables>, name: string): Promise<'dropped' | 'kept' | 'in use'> {
  try {
    return await owner.transaction().execute(async (transaction) => {
      await sql.raw(`SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS}`).execute(transaction);
      await sql.raw(`SET LOCAL statement_timeout = ${LOOK_TIMEOUT_MS}`).execute(transaction);
      await sql`SELECT pg_advisory_xact_lock(${PARTITION_LOCK})`.execute(transaction);
      // Another server may have dropped it meanwhile; to_regclass may remember it from before we had the lock.
      const { rows } = await sql`SELECT FROM pg_class WHERE relname = ${name} AND relispartition`.execute(transaction);
      if (rows.length === 0 || !(await isEmpty(transaction, name))) return 'kept';
      await sql`LOCK TABLE ${sql.table(name)} IN ACCESS EXCLUSIVE MODE`.execute(transaction);
      if (!(await isEmpty(transaction, name))) return 'kept';
      await sql`DROP TABLE ${sql.table(name)}`.execute(transaction);
      return 'dropped';
    });
  } catch (error) {
    if (GIVES_WAY.has(toFault(error))) return 'in use';
    throw error;
  }
}

/** As its owner, whom row-level security does not bind on a partition: of all tenants. */
async function isEmpty(db: Kysely<Tables>, name: string): Promise<boolean> {
  const { rows } = await sql`SELECT FROM ${sql.table(name)} LIMIT 1`.execute(db);
  return rows.length === 0;
}
