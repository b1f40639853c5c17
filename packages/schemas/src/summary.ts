import { z } from 'zod';
import type { Filters } from './filters.ts';
import { filterFields } from './filters.ts';
import { instantSchema } from './instant.ts';
import type { IntervalChoice } from './interval.ts';
import { intervalChoiceSchema } from './interval.ts';
import { metaSchema } from './meta.ts';
import type { RangeInput } from './range.ts';
import { checkRange, rangeFields, resolvedRangeSchema } from './range.ts';
import { timeZoneSchema } from './time-zone.ts';

export const GROUP_BYS = ['type', 'device'] as const;
export type GroupBy = (typeof GROUP_BYS)[number];

type SummaryOptions<Choice> = Filters & {
  interval?: Choice;
  timeZone?: string | undefined;
  groupBy?: GroupBy | undefined;
  groupLimit?: number;
  compare?: 'previous' | undefined;
  fresh?: boolean | undefined;
};
/** A question for `analytics.summary`: a range, filters, and how to cut the answer. */
export type SummaryInput = RangeInput & SummaryOptions<IntervalChoice>;
/** The question as parsed: the defaults are filled in. */
export type SummaryQuery = RangeInput &
  SummaryOptions<IntervalChoice> & { interval: IntervalChoice; groupLimit: number };

export const summaryFields = {
  ...rangeFields,
  ...filterFields,
  interval: intervalChoiceSchema.default('auto'),
  /** The zone whose calendar the buckets follow; the tenant's own when absent. */
  timeZone: timeZoneSchema.optional(),
  groupBy: z.enum(GROUP_BYS).optional(),
  /** Groups beyond the limit are added up as `other`. */
  groupLimit: z.int().min(1).max(50).default(20),
  /** With the range before beside it, as far back as its events are kept. */
  compare: z.literal('previous').optional(),
  /** Ask for an answer no older than the question, past every cache. */
  fresh: z.boolean().optional(),
};

export const summaryInputSchema = z.strictObject(summaryFields).superRefine(checkRange) as unknown as z.ZodType<
  SummaryQuery,
  SummaryInput
>;

/** Events and exact distinct users of one group; `key` null: the event named none. */
export const groupSchema = z.object({
  key: z.string().nullable(),
  events: z.number(),
  users: z.number(),
  /** True on the one group that stands for all beyond the limit; its key is `other`. */
  isOther: z.literal(true).optional(),
});
export type Group = z.infer<typeof groupSchema>;

/** Users of the totals are distinct over the whole range: never the sum of the buckets' users. */
export const totalsSchema = z.object({
  events: z.number(),
  users: z.number(),
  groups: z.array(groupSchema).optional(),
});
export type Totals = z.infer<typeof totalsSchema>;

/** One bucket `[start, end)`, clipped to the range; groups without events are left out. */
export const bucketSchema = z.object({
  start: instantSchema,
  end: instantSchema,
  events: z.number(),
  users: z.number(),
  groups: z.array(groupSchema).optional(),
});
export type Bucket = z.infer<typeof bucketSchema>;

export const summarySchema = z.object({
  totals: totalsSchema,
  /** Where `compare` asked for it, unless retention took what it needs. */
  previous: z.object({ range: resolvedRangeSchema, totals: totalsSchema, series: z.array(bucketSchema) }).optional(),
  series: z.array(bucketSchema),
  meta: metaSchema,
});
export type Summary = z.infer<typeof summarySchema>;

/** `analytics.watch` asks like `analytics.summary`; a reconnecting client sends the last id it saw. */
export const watchInputSchema = z
  .strictObject({ ...summaryFields, lastEventId: z.string().max(100).nullish() })
  .superRefine(checkRange) as unknown as z.ZodType<
  SummaryQuery & { lastEventId?: string | null | undefined },
  SummaryInput & { lastEventId?: string | null | undefined }
>;

/** The most questions one stream may watch: a page's worth. */
const MAX_WATCHED_QUERIES = 16;

/** It becomes part of an event id, which is one line of a stream. */
const watchKeySchema = z.string().regex(/^[\w.:-]{1,100}$/, 'must be 1 to 100 letters, digits or _ . : -');

export type WatchManyInput = {
  queries: { key: string; input: SummaryInput }[];
  lastEventId?: string | null | undefined;
};
export type WatchManyQuery = { queries: { key: string; input: SummaryQuery }[] };

/** `analytics.watchMany`: several questions on one stream, each named by a key of the caller's. */
export const watchManyInputSchema = z
  .strictObject({
    queries: z
      .array(z.strictObject({ key: watchKeySchema, input: summaryInputSchema }))
      .min(1)
      .max(MAX_WATCHED_QUERIES),
    lastEventId: z.string().max(200).nullish(),
  })
  .refine(({ queries }) => new Set(queries.map(({ key }) => key)).size === queries.length, {
    path: ['queries'],
    message: 'must have distinct keys',
  }) as unknown as z.ZodType<WatchManyQuery, WatchManyInput>;
