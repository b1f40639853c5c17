import { z } from 'zod';
import { breakerSchema } from './breaker.ts';
import { cacheStatsSchema } from './cache-stats.ts';
import { instantSchema } from './instant.ts';
import { loadSchema } from './load.ts';
import { limitsSchema } from './rate-limit.ts';

const poolSchema = z.object({
  /** Connections open, and those of them that nobody uses. */
  open: z.int(),
  idle: z.int(),
  /** Requests that wait for one. */
  waiting: z.int(),
});

/** How the server that answers does, and how far behind the tenant's rollups are. */
export const healthSchema = z.object({
  status: z.enum(['ok', 'degraded']),
  /** What is wrong, a sentence each. */
  problems: z.array(z.string()),
  startedAt: instantSchema,
  dependencies: z.object({
    postgres: z.object({ status: z.enum(['up', 'down']), latencyMs: z.number().nullable() }),
    /** `not_used`: this server shares its cache and its notices with no other. */
    redis: z.object({ status: z.enum(['up', 'down', 'not_used']) }),
  }),
  /** What this server does not ask while it is away. */
  breakers: z.array(breakerSchema),
  /** How loaded this server is, and this tenant by itself, and what is therefore left out. */
  load: loadSchema,
  /** Who counts the calls: all servers together, each for itself while Redis is away, or this one alone. */
  limits: limitsSchema.shape.state,
  /** Background work of this server. */
  tasks: z.array(
    z.object({
      name: z.string(),
      intervalMs: z.number(),
      lastSuccessAt: instantSchema.nullable(),
      isLate: z.boolean(),
      lastError: z.string().nullable(),
    }),
  ),
  /** The tenant's log of users that waits to be merged into user sets; null where the database cannot tell. */
  fold: z
    .object({
      /** The age of what waits longest; 0 where nothing does. */
      lagMs: z.number(),
      users: z.number(),
    })
    .nullable(),
  /** Set while the rollups are being brought to a new time zone: days before this one are answered from finer levels. */
  rebuildingBefore: z.string().nullable(),
  ingest: z.object({ eventsPerSecond: z.number(), waitingEvents: z.int() }),
  pools: z.object({ reads: poolSchema, ingest: poolSchema }),
  streams: z.object({
    watchedQuestions: z.int(),
    tailedTenants: z.int(),
    /** Streams of both. */ subscribers: z.int(),
  }),
  cache: cacheStatsSchema,
});
export type Health = z.infer<typeof healthSchema>;
