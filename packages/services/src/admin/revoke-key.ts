import { findTenantKeyRow, revokeApiKeyRow } from '@tidemark/database';
import type { ApiKey } from '@tidemark/schemas';
import { changeAudited } from '../audit/change-audited.ts';
import { assertScope, type TenantContext } from '../context.ts';
import { TidemarkError } from '../tidemark-error.ts';
import { toApiKey } from './to-api-key.ts';

/**
 * Ends a key of the tenant and what it signed in, on every server; one that has been ended before stays as it is.
 * Another tenant's looks like a missing one.
 */
export async function revokeKey(ctx: TenantContext, { id }: { id: string }): Promise<ApiKey> {
  assertScope(ctx, 'admin:write');
  const { bus, clock } = ctx.resources;
  const row = await changeAudited(ctx, ctx.tenant.id, async ({ db, tenantId }) => {
    const revoked = await revokeApiKeyRow(db, tenantId, id, clock());
    const result = revoked ?? (await findTenantKeyRow(db, tenantId, id));
    if (result === undefined) throw new TidemarkError('not_found', 'This tenant has no key with this id.', { id });
    return { result, note: revoked && { action: 'keys.revoke', target: id, evidence: { name: revoked.name } } };
  });
  bus.announce({ about: 'key', id: row.id });
  return toApiKey(row);
}
