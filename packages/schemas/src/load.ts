import { z } from 'zod';
import { instantSchema } from './instant.ts';

/** 0 normal, 1 elevated (low priority gets less), 2 critical (low is shed, normal gets less). */
export const loadLevelSchema = z.union([z.literal(0), z.literal(1), z.literal(2)]);
export type LoadLevel = z.infer<typeof loadLevelSchema>;

/** The degradation level that a tenant's questions meet on a server: the server's, or the tenant's own where it is higher. */
export const loadSchema = z.object({
  level: loadLevelSchema,
  since: instantSchema,
  /** What keeps it from being lower, a sentence each. */
  why: z.array(z.string()),
  /** The last sample; null before there is one. */
  sample: z
    .object({
      /** How late timers were, 90th percentile of half a second. */
      loopDelayMs: z.number(),
      /** The share of time in which the event loop was busy, 0 to 1. */
      loopUtilisation: z.number(),
      /** How long a question has been waiting for a connection that other tenants hold. */
      waitingMs: z.number(),
      /** Of the answers computed within five seconds, 95th percentile of the median tenant; null: too few to tell. */
      answersP95Ms: z.number().nullable(),
      /** How long a question of the tenant has been waiting for turns that it holds itself. */
      ownWaitMs: z.number(),
    })
    .nullable(),
});
export type Load = z.infer<typeof loadSchema>;
export type LoadSample = NonNullable<Load['sample']>;
