import { z } from 'zod';
import { instantSchema } from './instant.ts';

/** What a server stops asking while it is away: the database of reads, and that of ingest. */
export const BREAKER_NAMES = ['reads', 'ingest'] as const;
export type BreakerName = (typeof BREAKER_NAMES)[number];

/** Open: refused at once; half-open: a probe is out, and everything else refused still. */
export const BREAKER_STATES = ['closed', 'open', 'half-open'] as const;
export type BreakerState = (typeof BREAKER_STATES)[number];

export const breakerSchema = z.object({
  name: z.enum(BREAKER_NAMES),
  state: z.enum(BREAKER_STATES),
  /** Since when it has been in this state. */
  since: instantSchema,
  /** How often it opened since the server started. */
  openings: z.int(),
  /** Why it is not closed. */
  lastFailure: z.string().nullable(),
});
export type BreakerHealth = z.infer<typeof breakerSchema>;
