import { z } from 'zod';

/** What calls are charged as. Every procedure is of one of these. */
export const LIMIT_CLASSES = ['analytics', 'eventWrites', 'eventReads', 'general', 'health'] as const;
export type LimitClass = (typeof LIMIT_CLASSES)[number];

const MAX_BUDGET = 1_000_000_000;

/** Calls per window and key that a tenant has instead of the server's own; null: the server's again; absent: as it is. */
const budgetSchema = z.int().min(1).max(MAX_BUDGET).nullable().optional();

export const limitsInputSchema = z
  .strictObject({
    analytics: budgetSchema,
    eventWrites: budgetSchema,
    eventReads: budgetSchema,
    general: budgetSchema,
    health: budgetSchema,
  } satisfies Record<LimitClass, unknown>)
  .refine((limits) => Object.values(limits).some((budget) => budget !== undefined), 'must name a class and its budget');
export type LimitsInput = z.output<typeof limitsInputSchema>;

const usedFields = {
  /** Calls that one window holds. */
  budget: z.int(),
  /** Calls charged in the present window. */
  used: z.int(),
  /** When that window ends, in ms from now; 0: the next call begins one. */
  resetMs: z.number(),
};

const limitSchema = z.object({
  windowMs: z.int(),
  /** Whether the tenant has a budget of its own here. */
  isOverridden: z.boolean(),
  /** What the asking key, or session, has; null for a platform key, which is not limited. */
  key: z.object(usedFields).nullable(),
  /** What all keys of the tenant have together. */
  tenant: z.object(usedFields),
});

export const limitsSchema = z.object({
  /** Who counts: all servers together, each for itself while Redis is away, or the only one. */
  state: z.enum(['shared', 'per-server', 'in-process']),
  classes: z.record(z.enum(LIMIT_CLASSES), limitSchema),
});
export type Limits = z.output<typeof limitsSchema>;
