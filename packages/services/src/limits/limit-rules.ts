import type { LimitClass } from '@tidemark/schemas';

/** Calls that a window holds, and how long it is; whole seconds. */
export type LimitRule = { readonly budget: number; readonly windowMs: number };

/** What is limited: the classes of calls by key, and attempts to get in without a valid one by address. */
export type LimitName = LimitClass | 'attempts';

export type LimitRules = Readonly<Record<LimitName, LimitRule>>;

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;

export const DEFAULT_LIMITS: LimitRules = {
  analytics: { budget: 100, windowMs: MINUTE_MS },
  eventWrites: { budget: 1_000, windowMs: MINUTE_MS },
  eventReads: { budget: 100, windowMs: MINUTE_MS },
  general: { budget: 1_000, windowMs: 15 * MINUTE_MS },
  // Several screens that look every second; refusing it would hide what is wrong.
  health: { budget: 600, windowMs: MINUTE_MS },
  // Secrets of 256 bits are not guessed at any pace: this keeps guessing from costing us look-ups. People behind one
  // address mistype together.
  attempts: { budget: 60, windowMs: MINUTE_MS },
};

/** A tenant's keys together have so many times what one has: several busy ones fit, a crowd of them does not. */
export const TENANT_KEYS = 5;
