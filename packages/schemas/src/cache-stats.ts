import { z } from 'zod';
import { TIERS } from './meta.ts';
import { textSchema } from './text.ts';

const servedSchema = z.object({
  hits: z.int(),
  misses: z.int(),
  /** Served past their time to live, or while the database was away. */
  stale: z.int(),
});

/** What the cache did for a tenant on the server that answers, since it started. */
export const cacheStatsSchema = servedSchema.extend({
  /** Where answers are kept: `redis` for all servers, `in-process` for one, also while Redis is away. */
  store: z.enum(['in-process', 'redis']),
  /** The same by how soon an answer may change, and how long it is kept while it does not, in ms. */
  tiers: z.record(z.enum(TIERS), servedSchema.extend({ ttlMs: z.int() })),
  /** Answers computed, also in the background beside serving the last one. */
  computations: z.int(),
  /** Commits and clearings that took answers out of date. */
  invalidations: z.int(),
  /** Hits of all answers, 0 to 1; null before the first. */
  hitRate: z.number().nullable(),
  /** Answers of all tenants that this server holds in memory. */
  size: z.object({ entries: z.int(), bytes: z.int() }),
});
export type CacheStats = z.infer<typeof cacheStatsSchema>;

/** The most tags one call may clear: a year of days. */
const MAX_CLEARED_TAGS = 366;

/** `admin.clearCache`: everything, or what depends on a UTC day, month or year, e.g. `d:2026-11-22`, `m:2026-11`, `y:2026`. */
export const clearCacheInputSchema = z.strictObject({
  tags: z
    .array(
      textSchema(20).refine(isTimeTag, 'must be a day, month or year, for example d:2026-11-22, m:2026-11 or y:2026'),
    )
    .min(1)
    .max(MAX_CLEARED_TAGS)
    .optional(),
});
export type ClearCacheInput = z.infer<typeof clearCacheInputSchema>;

/** Whether there is such a day, month or year: what is cleared by another name would be nothing. */
function isTimeTag(tag: string): boolean {
  const [, unit, time = ''] = /^(d|m|y):([\d-]+)$/.exec(tag) ?? [];
  if (unit === 'd') return z.regexes.date.test(time);
  if (unit === 'm') return z.regexes.date.test(`${time}-01`);
  return unit === 'y' && z.regexes.date.test(`${time}-01-01`);
}
