import type { Interval, IntervalChoice } from '@tidemark/schemas';
import { DAY_MS, HOUR_MS } from './days.ts';

/** The interval to use: the one asked for, or one that gives a readable number of buckets. */
export function resolveInterval(choice: IntervalChoice, lengthMs: number): Interval {
  if (choice !== 'auto') return choice;
  if (lengthMs <= 2 * HOUR_MS) return 'minute';
  if (lengthMs <= 3 * DAY_MS) return 'hour';
  if (lengthMs <= 92 * DAY_MS) return 'day';
  if (lengthMs <= 400 * DAY_MS) return 'week';
  return 'month';
}
