import { z } from 'zod';
import { deviceSchema } from './device.ts';
import { MAX_FILTER_VALUES } from './filters.ts';
import { rejectionSchema } from './ingest.ts';
import { boundInstantSchema } from './instant.ts';
import { textSchema } from './text.ts';

/** Enough to fill a dashboard or to measure with; more is an import. */
const MAX_GENERATED_EVENTS = 1_000_000;
/** Traffic is planned hour by hour before the first event. */
const MAX_GENERATED_DAYS = 400;
const DAY_MS = 86_400_000;

/**
 * `events.generate`: how much traffic of what kind. The same input with the same seed makes the same events,
 * ids included; without a seed the server makes one and tells it. A reconnecting client sends the last id it saw.
 */
export const generateInputSchema = z
  .strictObject({
    count: z.int().min(1).max(MAX_GENERATED_EVENTS),
    /** Default: the eight of a shop, from `page_view` to `purchase`. */
    types: z.array(textSchema(100)).min(1).max(MAX_FILTER_VALUES).optional(),
    /** How many users there are; fewer appear in little traffic. Default: one for each 20 events. */
    users: z.int().min(1).max(MAX_GENERATED_EVENTS).optional(),
    /** Default: all of them. */
    devices: z.array(deviceSchema).min(1).max(MAX_FILTER_VALUES).optional(),
    from: boundInstantSchema,
    to: boundInstantSchema,
    seed: z
      .union([textSchema(100), z.int()], { error: 'must be a text of 1 to 100 characters or an integer' })
      .optional(),
    lastEventId: z.string().max(1_000).nullish(),
  })
  .superRefine(({ from, to }, context) => {
    const lengthMs = Date.parse(to) - Date.parse(from);
    if (lengthMs <= 0) context.addIssue({ code: 'custom', path: ['to'], message: 'must be later than from' });
    if (lengthMs > MAX_GENERATED_DAYS * DAY_MS) {
      context.addIssue({ code: 'custom', path: ['to'], message: `must lie within ${MAX_GENERATED_DAYS} days of from` });
    }
  });
export type GenerateInput = z.infer<typeof generateInputSchema>;

const countSchema = z.int().nonnegative();

/** What a run has come to: each event was `accepted`, a `duplicate` or `rejected`. */
export const generateReportSchema = z.object({
  total: countSchema,
  accepted: countSchema,
  /** Stored before: by a run with the same seed, or by this one on a connection that was cut. */
  duplicate: countSchema,
  rejected: countSchema,
  /** Why the first of the rejected was; null where none was. */
  reason: rejectionSchema.nullable(),
  seed: z.string(),
  perSecond: z.number().nonnegative(),
  /** From the run's begin, over all its connections. */
  tookMs: z.number().nonnegative(),
});
export type GenerateReport = z.infer<typeof generateReportSchema>;

/** One message of `events.generate`: how far it is, the first at once; at last the report. */
export const generateMessageSchema = z.union([
  z.object({ done: countSchema, total: countSchema, perSecond: z.number().nonnegative(), seed: z.string() }),
  z.object({ report: generateReportSchema }),
]);
export type GenerateMessage = z.infer<typeof generateMessageSchema>;

/** What the id of a message says: which run, and what had become of its first `done` events. */
export const generatePlaceSchema = z.strictObject({
  seed: textSchema(100),
  accepted: countSchema,
  duplicate: countSchema,
  rejected: countSchema,
  reason: rejectionSchema.nullable(),
  /** Epoch ms. */
  startedAt: z.int().nonnegative(),
});
export type GeneratePlace = z.infer<typeof generatePlaceSchema>;
