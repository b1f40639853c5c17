import type { RateLimiterAbstract, RateLimiterRes } from 'rate-limiter-flexible';
import type { Charge, Count } from './limit-store.ts';

/** Part of every key: raised when what is stored changes its shape. */
const VERSION = 1;

/** Budgets differ by tenant and change while servers run, so the library counts, and who asks compares. */
export const COUNTING_ONLY = { points: Number.MAX_SAFE_INTEGER, duration: 1, keyPrefix: '' } as const;

/** The braces put an owner's keys on one slot of a cluster; a window of another length is another window. */
export function toWindowKey({ owner, name, windowMs }: Charge): string {
  return `tidemark:${VERSION}:{${owner}}:l:${windowMs / 1_000}:${name}`;
}

/** Counts one use more. */
export async function countUse(limiter: RateLimiterAbstract, charge: Charge): Promise<RateLimiterRes> {
  return await limiter.consume(toWindowKey(charge), 1, { customDuration: charge.windowMs / 1_000 });
}

export async function readCount(limiter: RateLimiterAbstract, charge: Charge): Promise<Count> {
  const found = await limiter.get(toWindowKey(charge));
  return found === null ? { used: 0, resetMs: 0 } : toCount(found);
}

export function toCount({ consumedPoints, msBeforeNext }: RateLimiterRes): Count {
  return { used: consumedPoints, resetMs: Math.max(0, msBeforeNext) };
}
