import type { Tier } from '@tidemark/schemas';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../calendar/days.ts';
import type { EpochRange } from '../calendar/resolve-range.ts';

/**
 * How long an answer whose tags stand still is kept before it is computed again beside being served. The
 * tags alone make it right; this bounds how long a fault of ours in them could last.
 */
export const TIER_TTL_MS: Readonly<Record<Tier, number>> = {
  realtime: 30_000,
  recent: 5 * MINUTE_MS,
  historical: HOUR_MS,
};

/** The tier by the age of the range's end: how soon the answer may change. */
export function toTier({ to }: EpochRange, now: number): Tier {
  if (now - to < HOUR_MS) return 'realtime';
  return now - to < 7 * DAY_MS ? 'recent' : 'historical';
}
