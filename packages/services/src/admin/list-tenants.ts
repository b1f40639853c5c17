import { listTenantRows } from '@tidemark/database';
import type { Tenant } from '@tidemark/schemas';
import { type ActorContext, assertScope } from '../context.ts';
import { withReadFaults } from '../with-read-faults.ts';
import { toTenant } from './to-tenant.ts';

/** All tenants, oldest first. */
export async function listTenants(ctx: ActorContext): Promise<Tenant[]> {
  assertScope(ctx, 'platform');
  const { lookUp, database } = ctx.resources;
  const rows = await withReadFaults(() => lookUp(() => listTenantRows(database.directory)));
  return rows.map(toTenant);
}
