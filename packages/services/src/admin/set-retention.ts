import { storeRetention } from '@tidemark/database';
import type { Retention, RetentionInput } from '@tidemark/schemas';
import { changeAudited } from '../audit/change-audited.ts';
import { assertScope, type TenantContext } from '../context.ts';
import { getRetention } from './get-retention.ts';

/**
 * Sets for how long the tenant keeps its raw events and its rollups. The background applies it within seconds,
 * and from then on each day; what is gone stays gone, also when more is kept later.
 */
export async function setRetention(ctx: TenantContext, input: RetentionInput): Promise<Retention> {
  assertScope(ctx, 'admin:write');
  await changeAudited(ctx, ctx.tenant.id, async ({ db, tenantId }) => {
    await storeRetention(db, tenantId, input);
    return { result: undefined, note: { action: 'retention.set', evidence: input } };
  });
  return await getRetention(ctx);
}
