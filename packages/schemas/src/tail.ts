import { z } from 'zod';
import { eventSchema } from './event.ts';
import { filterFields } from './filters.ts';

/** More than anyone reads; a stream without a limit sends all there is. */
const MAX_PER_SECOND = 10_000;

/** The id of a tail's message: `seq:index`, a commit and the index of an event in it. */
const tailIdSchema = z
  .string()
  .regex(/^\d{1,15}:\d{1,9}$/, 'must be the id of a message of events.tail, for example 42:7; or leave it out');

/** `events.tail`: which events to follow; a reconnecting client sends the last id it saw. */
export const tailInputSchema = z.strictObject({
  ...filterFields,
  /** Events beyond this many a second are skipped, and said to be. */
  maxPerSecond: z.int().min(1).max(MAX_PER_SECOND).optional(),
  lastEventId: tailIdSchema.nullish(),
});
export type TailInput = z.infer<typeof tailInputSchema>;

/**
 * One message of a tail: an event, or how many were skipped since the message before. `skipped: 0` says
 * only how far the stream has read, so that it can be resumed from there; a new stream begins with it.
 */
export const tailMessageSchema = z.union([
  z.object({ event: eventSchema }),
  z.object({ skipped: z.int().nonnegative() }),
]);
export type TailMessage = z.infer<typeof tailMessageSchema>;
