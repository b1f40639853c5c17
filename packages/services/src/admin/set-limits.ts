import { updateTenantLimits } from '@tidemark/database';
import type { Limits, LimitsInput } from '@tidemark/schemas';
import { assertScope, type TenantContext } from '../context.ts';
import { withWriteFaults } from '../with-write-faults.ts';
import { getLimits } from './get-limits.ts';

/** Gives a tenant budgets of its own, or takes them back (null); every server goes by them within a second. */
export async function setLimits(ctx: TenantContext, input: LimitsInput): Promise<Limits> {
  assertScope(ctx, 'platform');
  const { database, bus } = ctx.resources;
  const { id } = ctx.tenant;
  const row = await withWriteFaults(() => updateTenantLimits(database.directory, id, input));
  bus.announce({ about: 'tenant', id });
  return await getLimits({ ...ctx, tenant: row ?? ctx.tenant });
}
