import { z } from 'zod';
import { LAST_RANGES } from './range.ts';

/** The years 1970 to 9999; a forged cursor may claim anything. */
const epochMsSchema = z.int().min(0).max(253_402_300_799_999);

/** What a cursor of `events.list` pins: the order, the range and what it was resolved from, and the last event shown. */
export const eventCursorSchema = z.strictObject({
  order: z.enum(['asc', 'desc']),
  range: z.strictObject({ from: epochMsSchema, to: epochMsSchema }),
  last: z.enum(LAST_RANGES).optional(),
  after: z.strictObject({ id: z.guid(), occurredAt: epochMsSchema }),
  /** Of all the above and of the question it belongs to. */
  sum: z.string().max(50),
});
export type EventCursor = z.infer<typeof eventCursorSchema>;
