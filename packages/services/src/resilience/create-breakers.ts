import { type Database, pingPool } from '@tidemark/database';
import type { BreakerName } from '@tidemark/schemas';
import { Breaker, type BreakerChange } from './breaker.ts';

/** A probe asks the least there is, and as long as one is out all else is refused. */
const PROBE_PATIENCE_MS = 1_000;

/** One for each pool: that reads fail says nothing of ingest, which may go to another machine or wait for a lock. */
export function createBreakers(
  database: Pick<Database, 'reads' | 'ingest'>,
  clock: () => number,
  onChange: (change: BreakerChange) => void,
): Record<BreakerName, Breaker> {
  const open = (name: BreakerName) =>
    new Breaker({ name, probe: () => pingPool(database[name], PROBE_PATIENCE_MS), clock, onChange });
  return { reads: open('reads'), ingest: open('ingest') };
}
