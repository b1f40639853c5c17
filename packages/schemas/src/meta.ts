import { z } from 'zod';
import { instantSchema } from './instant.ts';
import { intervalSchema } from './interval.ts';
import { resolvedRangeSchema } from './range.ts';

export const SOURCES = ['rollup', 'raw', 'mixed'] as const;
export type Source = (typeof SOURCES)[number];

export const TIERS = ['realtime', 'recent', 'historical'] as const;
export type Tier = (typeof TIERS)[number];

/** Provenance: where a number came from, how old it is, and whether it is exact. */
export const metaSchema = z.object({
  source: z.enum(SOURCES),
  cache: z.object({
    status: z.enum(['hit', 'miss', 'stale', 'bypass']),
    ageMs: z.number().nonnegative(),
    ttlMs: z.number().nonnegative(),
    tier: z.enum(TIERS),
  }),
  /** The database's clock when the snapshot behind the answer was taken. */
  asOf: instantSchema,
  range: resolvedRangeSchema,
  interval: intervalSchema,
  timeZone: z.string(),
  /** False only when the answer is stale or degraded. */
  exact: z.boolean(),
  degraded: z
    .object({
      reason: z.string(),
      level: z.union([z.literal(1), z.literal(2)]),
      requested: z.string(),
      served: z.string(),
    })
    .nullable(),
  tookMs: z.number().nonnegative(),
});
export type Meta = z.infer<typeof metaSchema>;
