import { listTenantRows } from '@tidemark/database';
import type { CurrentSession } from '@tidemark/schemas';
import type { ActorContext } from '../context.ts';
import { withReadFaults } from '../with-read-faults.ts';
import { toTenant } from './to-tenant.ts';

/** Who is calling, and the tenants they may ask about. */
export async function getCurrentSession({ actor, resources }: ActorContext): Promise<CurrentSession> {
  const { name, role, scopes, tenantId } = actor;
  const tenants = await withReadFaults(async () => {
    if (tenantId === null) return await resources.lookUp(() => listTenantRows(resources.database.directory));
    const tenant = await resources.tenants.findTenant(tenantId);
    return tenant === undefined ? [] : [tenant];
  });
  return { name, role, scopes: [...scopes], tenants: tenants.map(toTenant) };
}
