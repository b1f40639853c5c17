import type { Bill } from '@tidemark/services';

/**
 * What a request was charged, as draft-ietf-httpapi-ratelimit-headers has it: of the policy that is nearest to its end,
 * the quota and window, and what is left of it for how many seconds.
 */
export function toLimitHeaders({ tightest }: Bill): Record<string, string> {
  if (tightest === undefined) return {};
  const { limitClass, of, budget, windowMs, remaining, resetMs } = tightest;
  const policy = `"${of === 'key' ? limitClass : `${limitClass}-${of}`}"`;
  return {
    'ratelimit-policy': `${policy};q=${budget};w=${windowMs / 1_000}`,
    ratelimit: `${policy};r=${remaining};t=${Math.ceil(resetMs / 1_000)}`,
  };
}
