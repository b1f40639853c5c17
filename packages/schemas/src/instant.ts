import { z } from 'zod';

/** An instant as people send it: ISO 8601 with `Z` or an offset, e.g. `2026-11-22T09:30:00.000Z`. */
export const instantInputSchema = z.iso.datetime({
  offset: true,
  error: 'must be an ISO 8601 instant with Z or an offset, for example 2026-11-22T09:30:00.000Z',
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
