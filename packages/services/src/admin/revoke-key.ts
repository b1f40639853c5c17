import { revokeApiKeyRow } from '@tidemark/database';
import type { ApiKey } from '@tidemark/schemas';
import { assertScope, type TenantContext } from '../context.ts';
import { TidemarkError } from '../tidemark-error.ts';
import { withReadFaults } from '../with-read-faults.ts';
import { toApiKey } from './to-api-key.ts';

/** Ends a key of the tenant and what it signed in, on every server. Another tenant's looks like a missing one. */
export async function revokeKey(ctx: TenantContext, { id }: { id: string }): Promise<ApiKey> {
  assertScope(ctx, 'admin:write');
  const { database, bus, clock } = ctx.resources;
  const row = await withReadFaults(() => revokeApiKeyRow(database.directory, ctx.tenant.id, id, clock()));
  if (row === undefined) throw new TidemarkError('not_found', 'This tenant has no key with this id.', { id });
  bus.announce({ about: 'key', id: row.id });
  return toApiKey(row);
}
