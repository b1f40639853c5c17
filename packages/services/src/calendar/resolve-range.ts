import type { Interval, IntervalChoice, LastRange, RangeInput } from '@tidemark/schemas';
import { bucketEdges } from './bucket-edges.ts';
import { DAY_MS, dayOf, HOUR_MS, MINUTE_MS, startOfDay } from './days.ts';
import { resolveInterval } from './resolve-interval.ts';

/** A half-open range in epoch ms. */
export type EpochRange = { readonly from: number; readonly to: number };

const LAST_MS: Record<LastRange, number> = {
  '15m': 15 * MINUTE_MS,
  '1h': HOUR_MS,
  '24h': DAY_MS,
  '7d': 7 * DAY_MS,
  '30d': 30 * DAY_MS,
  '90d': 90 * DAY_MS,
};

/** No bucket of the interval is longer. */
const LONGEST_MS: Record<Interval, number> = {
  minute: MINUTE_MS,
  hour: HOUR_MS,
  day: DAY_MS,
  week: 7 * DAY_MS,
  month: 31 * DAY_MS,
};

/** The range and interval that a question means at `now` (epoch ms) in a zone. */
export function resolveRange(
  input: RangeInput & { interval: IntervalChoice },
  timeZone: string,
  now: number,
): { range: EpochRange; interval: Interval } {
  if (input.last === undefined) {
    const range = { from: Date.parse(input.from), to: Date.parse(input.to) };
    return { range, interval: resolveInterval(input.interval, range.to - range.from) };
  }
  const lengthMs = LAST_MS[input.last];
  const interval = resolveInterval(input.interval, lengthMs);
  // An interval longer than the range would snap its end so far ahead that nothing is left of the past.
  const snap = LONGEST_MS[interval] <= lengthMs ? interval : resolveInterval('auto', lengthMs);
  const to = snapUp(now, snap, timeZone);
  const from = snap === 'minute' || snap === 'hour' ? to - lengthMs : subtractDays(to, lengthMs / DAY_MS, timeZone);
  return { range: { from, to }, interval };
}

/** The end of the bucket that holds the instant. */
function snapUp(epochMs: number, interval: Interval, timeZone: string): number {
  const edges = bucketEdges({ from: epochMs, to: epochMs + 32 * DAY_MS }, interval, timeZone, 1);
  return edges[1] ?? epochMs;
}

function subtractDays(epochMs: number, days: number, timeZone: string): number {
  return startOfDay(dayOf(epochMs, timeZone).subtract({ days }), timeZone);
}

/** The range before: whole local days shift by as many days, anything else by its own duration. */
export function previousRange({ from, to }: EpochRange, timeZone: string): EpochRange {
  const fromDay = dayOf(from, timeZone);
  const toDay = dayOf(to, timeZone);
  if (startOfDay(fromDay, timeZone) === from && startOfDay(toDay, timeZone) === to) {
    const { days } = fromDay.until(toDay, { largestUnit: 'days' });
    const before = startOfDay(fromDay.subtract({ days }), timeZone);
    // Where the calendar leaves a day out, that day is as long as nothing: the range before is then the one before it.
    return { from: before < from ? before : startOfDay(fromDay.subtract({ days: days + 1 }), timeZone), to: from };
  }
  return { from: from - (to - from), to: from };
}
