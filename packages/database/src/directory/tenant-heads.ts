import type { TenantTransaction } from '../with-tenant.ts';

/** Makes the rows a tenant's commits and folds begin from; does nothing where they are. */
export async function createTenantHeads({ db, tenantId }: TenantTransaction, now: number): Promise<void> {
  await db
    .insertInto('tenant_heads')
    .values({ tenant_id: tenantId, seq: 0, next_ordinal: 0, next_type_id: 1, retention_horizon: null })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  await db
    .insertInto('folds')
    .values({ tenant_id: tenantId, folded_at: new Date(now).toISOString() })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
