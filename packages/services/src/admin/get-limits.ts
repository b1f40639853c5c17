import type { Limits } from '@tidemark/schemas';
import { assertScope, type TenantContext } from '../context.ts';

/** The tenant's budgets by class, and how far they are used: by whoever asks, and by all of its keys. */
export async function getLimits(ctx: TenantContext): Promise<Limits> {
  assertScope(ctx, 'admin:write');
  return await ctx.resources.limits.read(ctx);
}
