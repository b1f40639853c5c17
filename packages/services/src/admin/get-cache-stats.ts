import type { CacheStats } from '@tidemark/schemas';
import { assertScope, type TenantContext } from '../context.ts';

/** What the cache did for the tenant on this server. */
export async function getCacheStats(ctx: TenantContext): Promise<CacheStats> {
  assertScope(ctx, 'admin:read');
  const { answers } = ctx.resources;
  const counts = answers.tally.of(ctx.tenant.id);
  const served = counts.hits + counts.misses + counts.stale;
  return {
    ...counts,
    store: answers.store.isShared ? 'redis' : 'in-process',
    hitRate: served === 0 ? null : counts.hits / served,
    size: answers.store.held,
  };
}
