import type { Interval } from '@tidemark/schemas';
import { dayOf, floorDate, HOUR_MS, MINUTE_MS, nextDate, startOfDay } from './days.ts';

/**
 * The edges of the buckets of `[from, to)`: ascending epoch ms, first `from`, last `to`; bucket i is
 * `[edges[i], edges[i + 1])`. Buckets follow the zone's calendar, the first and last are clipped. Stops
 * after `limit` buckets and then ends short of `to`, so that a caller can refuse without computing all.
 */
export function bucketEdges(
  { from, to }: { from: number; to: number },
  interval: Interval,
  timeZone: string,
  limit: number,
): number[] {
  const edges = [from];
  const inner =
    interval === 'minute' || interval === 'hour'
      ? clockEdges(from, interval === 'minute' ? MINUTE_MS : HOUR_MS, timeZone)
      : calendarEdges(from, interval, timeZone);
  for (const edge of inner) {
    if (edge >= to) {
      edges.push(to);
      return edges;
    }
    // A day that a zone skipped (Apia, 30 December 2011) has no length and is no bucket.
    if (edge > (edges.at(-1) ?? from)) edges.push(edge);
    if (edges.length > limit) return edges;
  }
  return edges;
}

/** Ends of days, weeks or months after `from`. */
function* calendarEdges(from: number, interval: 'day' | 'week' | 'month', timeZone: string): Generator<number> {
  let date = floorDate(dayOf(from, timeZone), interval);
  for (;;) {
    date = nextDate(date, interval);
    yield startOfDay(date, timeZone);
  }
}

/**
 * Ends of minutes or hours after `from` as the zone's clocks show them. A change of the clocks is an edge too
 * where it begins another one: Lord Howe's 30 minutes cut an hour short, Chatham's whole hour at 3:45 does not.
 */
function* clockEdges(from: number, lengthMs: number, timeZone: string): Generator<number> {
  let at = from;
  for (;;) {
    const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone);
    const offsetMs = local.offsetNanoseconds / 1e6;
    const change = local.getTimeZoneTransition('next');
    const changeAt = change?.epochMilliseconds ?? Infinity;
    let edge = floor(at, lengthMs, offsetMs) + lengthMs;
    for (; edge < changeAt; edge += lengthMs) yield edge;
    const offsetAfterMs = (change?.offsetNanoseconds ?? 0) / 1e6;
    if (floor(changeAt - 1, lengthMs, offsetMs) !== floor(changeAt, lengthMs, offsetAfterMs)) yield changeAt;
    at = changeAt;
  }
}

/** The start of the local minute or hour that holds an instant, under one offset. */
function floor(epochMs: number, lengthMs: number, offsetMs: number): number {
  return Math.floor((epochMs + offsetMs) / lengthMs) * lengthMs - offsetMs;
}
