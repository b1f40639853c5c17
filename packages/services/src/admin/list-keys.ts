import { listApiKeyRows } from '@tidemark/database';
import type { ApiKey } from '@tidemark/schemas';
import { assertScope, type TenantContext } from '../context.ts';
import { withReadFaults } from '../with-read-faults.ts';
import { MAX_KEYS } from './max-keys.ts';
import { toApiKey } from './to-api-key.ts';

/** The tenant's keys, oldest first: all that are in force, and of those that ended the last. */
export async function listKeys(ctx: TenantContext): Promise<ApiKey[]> {
  assertScope(ctx, 'admin:write');
  const { lookUp, database } = ctx.resources;
  const rows = await withReadFaults(() => lookUp(() => listApiKeyRows(database.directory, ctx.tenant.id, MAX_KEYS)));
  return rows.map(toApiKey);
}
