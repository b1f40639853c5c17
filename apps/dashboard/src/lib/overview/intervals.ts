import type { Interval } from '@tidemark/schemas';
import { INTERVALS, isDay, type ViewRange } from './view.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const LENGTH_MS: Record<Interval, number> = { minute: MINUTE, hour: HOUR, day: DAY, week: 7 * DAY, month: 30 * DAY };
const LAST_MS = { '15m': 15 * MINUTE, '1h': HOUR, '24h': DAY, '7d': 7 * DAY, '30d': 30 * DAY, '90d': 90 * DAY };

/** More points than this no longer read as a chart on a screen. */
const MOST_BUCKETS = 800;

/** The intervals that make a readable chart of a range: at least two buckets, and not a carpet of them. */
export function sensibleIntervals(range: ViewRange): Interval[] {
  const lengthMs = toLengthMs(range);
  return INTERVALS.filter((interval) => {
    const buckets = lengthMs / LENGTH_MS[interval];
    return buckets >= 2 && buckets <= MOST_BUCKETS;
  });
}

function toLengthMs(range: ViewRange): number {
  if (typeof range === 'string') return LAST_MS[range];
  return Date.parse(range.to) - Date.parse(range.from) + (isDay(range.to) ? DAY : 0);
}
