import { z } from 'zod';
import type { EventInput } from './event.ts';
import { instantSchema } from './instant.ts';

/** The most events one request may carry. */
export const MAX_EVENTS_PER_BATCH = 1_000;

/**
 * A batch of 1 to 1,000 events. Only the envelope is checked here: each event is judged by itself,
 * so that a bad one becomes a rejected receipt and does not take its neighbours with it.
 */
export const ingestInputSchema = z.strictObject({
  events: z
    .array(z.unknown() as z.ZodType<unknown, EventInput>)
    .min(1)
    .max(MAX_EVENTS_PER_BATCH),
});
export type IngestInput = z.output<typeof ingestInputSchema>;

/** Why one event was not stored. */
export const REJECTION_CODES = [
  'invalid_field',
  'missing_time',
  'too_far_ahead',
  'too_far_back',
  'beyond_retention',
  'too_many_types',
  'unstorable',
] as const;

export const rejectionSchema = z.object({
  code: z.enum(REJECTION_CODES),
  /** The field at fault, e.g. `properties.cart.total`; empty for the event as a whole. */
  path: z.string(),
  message: z.string(),
});
export type Rejection = z.infer<typeof rejectionSchema>;

/**
 * What became of one event. `accepted` and `duplicate` are given after commit: the event is stored,
 * once. `id` and `occurredAt` are the identity it is stored under, null where unreadable.
 */
export const receiptSchema = z.object({
  id: z.string().nullable(),
  occurredAt: instantSchema.nullable(),
  status: z.enum(['accepted', 'duplicate', 'rejected']),
  reason: rejectionSchema.optional(),
});
export type Receipt = z.infer<typeof receiptSchema>;

/** Receipts in input order; `committedAt` is null where nothing new was stored. */
export const ingestOutputSchema = z.object({
  receipts: z.array(receiptSchema),
  committedAt: instantSchema.nullable(),
});
export type IngestOutput = z.infer<typeof ingestOutputSchema>;
