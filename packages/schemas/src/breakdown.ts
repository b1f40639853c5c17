import { z } from 'zod';
import { type Filters, filterFields } from './filters.ts';
import { metaSchema } from './meta.ts';
import { checkRange, type RangeInput, rangeFields } from './range.ts';
import { isStorableText } from './text.ts';
import { timeZoneSchema } from './time-zone.ts';

/** What events are told apart by: a dimension, or a property by its dotted path, e.g. `property:cart.currency`. */
export type BreakdownBy = 'type' | 'device' | 'user' | `property:${string}`;

const breakdownBySchema = z
  .string()
  .max(210)
  .refine(isStorableText, 'must not hold NUL characters or lone surrogates')
  .refine(
    (by) => /^(?:type|device|user|property:.+)$/s.test(by),
    'must be type, device, user or property:<path>, for example property:cart.currency',
  );

type BreakdownOptions = Filters & { timeZone?: string | undefined; fresh?: boolean | undefined };
/** A question for `analytics.breakdown`. */
export type BreakdownInput = RangeInput & BreakdownOptions & { by: BreakdownBy; limit?: number };
/** The question as parsed. */
export type BreakdownQuery = RangeInput & BreakdownOptions & { by: BreakdownBy; limit: number };

export const breakdownInputSchema = z
  .strictObject({
    ...rangeFields,
    ...filterFields,
    by: breakdownBySchema,
    /** Rows beyond the limit are added up as `other`. */
    limit: z.int().min(1).max(500).default(20),
    /** The zone a relative range ends in; the tenant's own when absent. */
    timeZone: timeZoneSchema.optional(),
    fresh: z.boolean().optional(),
  })
  .superRefine(checkRange) as unknown as z.ZodType<BreakdownQuery, BreakdownInput>;

/** Events and exact distinct users of one value. */
export const breakdownRowSchema = z.object({
  /** The value as text, a property's as JSON where it is no text; null: the event has none. */
  key: z.string().nullable(),
  events: z.number(),
  users: z.number(),
  /** Of all events, 0 to 1. */
  share: z.number(),
});
export type BreakdownRow = z.infer<typeof breakdownRowSchema>;

export const breakdownSchema = z.object({
  /** Most events first, then by key. */
  rows: z.array(breakdownRowSchema),
  /** Everything beyond the limit; its users are counted, not subtracted. */
  other: z.object({ events: z.number(), users: z.number(), keys: z.number() }),
  meta: metaSchema,
});
export type Breakdown = z.infer<typeof breakdownSchema>;
