import type { Interval } from '@tidemark/schemas';

/** Quarter-hours in UTC: every zone in use since 1972 changes its day on one of these. */
export const MINUTE_MS = 60_000;
export const QUARTER_MS = 15 * MINUTE_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** The start of the calendar day `date` in the zone: the first instant whose local date it is. */
export function startOfDay(date: Temporal.PlainDate, timeZone: string): number {
  return date.toZonedDateTime(timeZone).epochMilliseconds;
}

/** The calendar day that an instant (epoch ms) belongs to in the zone. */
export function dayOf(epochMs: number, timeZone: string): Temporal.PlainDate {
  const date = Temporal.Instant.fromEpochMilliseconds(epochMs).toZonedDateTimeISO(timeZone).toPlainDate();
  // A clock set back over midnight shows the old date once more; the new day has begun all the same.
  const next = date.add({ days: 1 });
  return startOfDay(next, timeZone) <= epochMs ? next : date;
}

/** The first day of the week (Monday), month or day that holds `date`. */
export function floorDate(date: Temporal.PlainDate, interval: Extract<Interval, 'day' | 'week' | 'month'>) {
  if (interval === 'week') return date.subtract({ days: date.dayOfWeek - 1 });
  if (interval === 'month') return date.with({ day: 1 });
  return date;
}

/** The same place one interval later. */
export function nextDate(date: Temporal.PlainDate, interval: Extract<Interval, 'day' | 'week' | 'month'>) {
  if (interval === 'week') return date.add({ weeks: 1 });
  if (interval === 'month') return date.add({ months: 1 });
  return date.add({ days: 1 });
}
