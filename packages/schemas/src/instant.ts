import { z } from 'zod';

const SECONDS = z.regexes.datetime({ offset: true });
const MINUTES = z.regexes.datetime({ offset: true, precision: -1 });
/** How an instant may be written; ISO 8601 lets the seconds be left out. */
export const INSTANT = new RegExp(`${SECONDS.source}|${MINUTES.source}`);

/** An instant as people send it: ISO 8601 with `Z` or an offset, e.g. `2026-11-22T09:30:00.000Z`. */
export const instantInputSchema = z.stringFormat('date-time', INSTANT, {
  error: 'must be an ISO 8601 instant with Z or an offset, for example 2026-11-22T09:30:00.000Z',
  // What is no instant lies nowhere: that is said once.
  abort: true,
});

/** An instant that a question may name: in the years 1970 to 2199, where all events lie. */
export const boundInstantSchema = instantInputSchema.refine((instant) => {
  const epochMs = Date.parse(instant);
  return epochMs >= 0 && epochMs < Date.UTC(2200, 0);
}, 'must lie between 1970 and 2199');

/** An instant as we send it: ISO 8601 in UTC with milliseconds and `Z`. */
export const instantSchema = z.iso.datetime({ precision: 3 });

/** Milliseconds since the epoch as the wire's ISO 8601 string. */
export function toInstant(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
