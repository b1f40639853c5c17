import { type CacheStats, TIERS } from '@tidemark/schemas';
import { mapTiers, type ServedCounts } from '../cache/cache-tally.ts';
import { TIER_TTL_MS } from '../cache/tier.ts';
import { assertScope, type TenantContext } from '../context.ts';

/** What the cache did for the tenant on this server. */
export async function getCacheStats(ctx: TenantContext): Promise<CacheStats> {
  assertScope(ctx, 'admin:read');
  const { answers } = ctx.resources;
  const { tiers, computations, invalidations } = answers.tally.of(ctx.tenant.id);
  const sum = (what: keyof ServedCounts) => TIERS.reduce((total, tier) => total + tiers[tier][what], 0);
  const [hits, misses, stale] = [sum('hits'), sum('misses'), sum('stale')];
  const served = hits + misses + stale;
  return {
    store: answers.store.isShared ? 'redis' : 'in-process',
    hits,
    misses,
    stale,
    tiers: mapTiers((tier) => ({ ...tiers[tier], ttlMs: TIER_TTL_MS[tier] })),
    computations,
    invalidations,
    hitRate: served === 0 ? null : hits / served,
    size: answers.store.held,
  };
}
