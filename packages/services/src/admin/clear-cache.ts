import type { ClearCacheInput } from '@tidemark/schemas';
import { ROOT_TAG } from '../cache/time-tags.ts';
import { assertScope, type TenantContext } from '../context.ts';

/** Takes the tenant's cached answers out of date, on every server: all, or those about the days, months or years named. */
export async function clearCache(ctx: TenantContext, { tags }: ClearCacheInput): Promise<{ cleared: true }> {
  assertScope(ctx, 'admin:write');
  await ctx.resources.answers.renew(ctx.tenant.id, tags ?? [ROOT_TAG]);
  return { cleared: true };
}
