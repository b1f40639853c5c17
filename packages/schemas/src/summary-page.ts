import { z } from 'zod';
import { intervalSchema } from './interval.ts';
import { metaSchema } from './meta.ts';
import { checkRange } from './range.ts';
import { bucketSchema, type SummaryInput, type SummaryQuery, summaryFields } from './summary.ts';
import { timeZoneSchema } from './time-zone.ts';

type PageOptions<Limit> = { cursor?: string | null | undefined } & Limit;
export type SummaryPageInput = SummaryInput & PageOptions<{ limit?: number }>;
export type SummaryPageQuery = SummaryQuery & PageOptions<{ limit: number }>;

/** `analytics.summaryPage` asks like `analytics.summary`, the same with every cursor; `compare` adds nothing to a page. */
export const summaryPageInputSchema = z
  .strictObject({
    ...summaryFields,
    cursor: z.string().max(2_000).nullish(),
    /** Buckets of a page. */
    limit: z.int().min(1).max(1_000).default(100),
  })
  .superRefine(checkRange) as unknown as z.ZodType<SummaryPageQuery, SummaryPageInput>;

/** One page of a summary's series; `nextCursor` null: there is no more. `meta.range` is the whole range. */
export const summaryPageSchema = z.object({
  items: z.array(bucketSchema),
  nextCursor: z.string().nullable(),
  meta: metaSchema,
});
export type SummaryPage = z.infer<typeof summaryPageSchema>;

/** The years 1970 to 2199, and the bucket after them. */
const epochMsSchema = z.int().min(0).max(7_300_000_000_000);

/** What a cursor of `analytics.summaryPage` pins: the resolved range and cut, the groups, and how far the pages have come. */
export const summaryCursorSchema = z.strictObject({
  range: z.strictObject({ from: epochMsSchema, to: epochMsSchema }).refine(({ from, to }) => from < to),
  interval: intervalSchema,
  timeZone: timeZoneSchema,
  /** The groups told apart, by their numbers; null where nothing is grouped. */
  keep: z.array(z.int().min(0).max(32_767)).max(50).nullable(),
  /** Buckets behind the reader. */
  done: z.int().min(1).max(5_000),
  /** Of all the above and of the question it belongs to. */
  sum: z.string().max(50),
});
export type SummaryCursor = z.infer<typeof summaryCursorSchema>;
