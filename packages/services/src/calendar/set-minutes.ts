import { DAY_MS, HOUR_MS } from './days.ts';

/** How far back events may lie, and how far ahead the calendar is known to hold. */
const BACK_MS = 21 * 366 * DAY_MS;
const AHEAD_MS = 2 * 366 * DAY_MS;

/**
 * The grain of a tenant's fine user sets: 60 minutes, or 15 where the zone's days or hours begin off the
 * whole UTC hour at any time that its events may have.
 */
export function toSetMinutes(timeZone: string, now: number): 15 | 60 {
  let at = Temporal.Instant.fromEpochMilliseconds(now - BACK_MS).toZonedDateTimeISO(timeZone);
  for (;;) {
    if ((at.offsetNanoseconds / 1e6) % HOUR_MS !== 0) return 15;
    const next = at.getTimeZoneTransition('next');
    if (next === null || next.epochMilliseconds > now + AHEAD_MS) return 60;
    at = next;
  }
}
