import { z } from 'zod';

/** The years 1970 to 9999; a forged cursor may claim anything. */
const epochMsSchema = z.int().min(0).max(253_402_300_799_999);

/** What a cursor of `events.list` pins: the order, the resolved range, and the last event shown. */
export const eventCursorSchema = z.strictObject({
  order: z.enum(['asc', 'desc']),
  range: z.strictObject({ from: epochMsSchema, to: epochMsSchema }),
  after: z.strictObject({ id: z.guid(), occurredAt: epochMsSchema }),
});
export type EventCursor = z.infer<typeof eventCursorSchema>;
