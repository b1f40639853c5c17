import type { ClearCacheInput } from '@tidemark/schemas';
import { announceAudited } from '../audit/change-audited.ts';
import { ROOT_TAG } from '../cache/time-tags.ts';
import { assertScope, type TenantContext } from '../context.ts';

/** Takes the tenant's cached answers out of date, on every server: all, or those about the days, months or years named. */
export async function clearCache(ctx: TenantContext, { tags }: ClearCacheInput): Promise<{ cleared: true }> {
  assertScope(ctx, 'admin:write');
  await announceAudited(ctx, ctx.tenant.id, { action: 'clearCache', evidence: { tags } });
  await ctx.resources.answers.renew(ctx.tenant.id, tags ?? [ROOT_TAG]);
  return { cleared: true };
}
