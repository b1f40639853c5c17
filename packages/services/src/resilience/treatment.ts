import type { Interval, LoadLevel, Priority } from '@tidemark/schemas';
import { TidemarkError } from '../tidemark-error.ts';

/** What a question gets: all of it, or less. */
export type Served = 'full' | 'coarse';

const LADDER: Readonly<Record<LoadLevel, Readonly<Record<Priority, Served | 'shed'>>>> = {
  0: { low: 'full', normal: 'full', high: 'full' },
  1: { low: 'coarse', normal: 'full', high: 'full' },
  2: { low: 'shed', normal: 'coarse', high: 'full' },
};

/** As long as a level lasts at least, and a few samples more. */
const RETRY_AFTER_MS = 15_000;

export function isShed(level: LoadLevel, priority: Priority): boolean {
  return LADDER[level][priority] === 'shed';
}

/** The degradation ladder. Throws `rate_limited` where there is nothing to give. */
export function toTreatment(level: LoadLevel, priority: Priority): Served {
  const treatment = LADDER[level][priority];
  if (treatment !== 'shed') return treatment;
  const remedy =
    'This server is overloaded and answers nothing of low priority: ask again later, or with "x-priority: normal".';
  throw new TidemarkError('rate_limited', remedy, { reason: 'load', level, priority, retryAfterMs: RETRY_AFTER_MS });
}

const COARSER: Readonly<Record<Interval, Interval>> = {
  minute: 'hour',
  hour: 'day',
  day: 'week',
  week: 'month',
  month: 'month',
};

/** The next longer interval: fewer buckets of the same range, and so fewer sets to unite. */
export function toCoarser(interval: Interval): Interval {
  return COARSER[interval];
}
