import { updateTenantLimits } from '@tidemark/database';
import type { Limits, LimitsInput } from '@tidemark/schemas';
import { changeAudited } from '../audit/change-audited.ts';
import { assertScope, type TenantContext } from '../context.ts';
import { getLimits } from './get-limits.ts';

/** Gives a tenant budgets of its own, or takes them back (null); every server goes by them within a second. */
export async function setLimits(ctx: TenantContext, input: LimitsInput): Promise<Limits> {
  assertScope(ctx, 'platform');
  const { id } = ctx.tenant;
  const row = await changeAudited(ctx, id, async ({ db }) => {
    const result = await updateTenantLimits(db, id, input);
    return { result, note: { action: 'limits.set', evidence: input } };
  });
  ctx.resources.bus.announce({ about: 'tenant', id });
  return await getLimits({ ...ctx, tenant: row ?? ctx.tenant });
}
