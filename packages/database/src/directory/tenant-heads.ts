import type { RollupCalendar } from '../rollups/rollup-calendar.ts';
import type { TenantTransaction } from '../with-tenant.ts';

/** Makes the rows a tenant's commits and folds begin from; does nothing where they are. */
export async function createTenantHeads(
  { db, tenantId }: TenantTransaction,
  { timeZone, setMinutes }: Pick<RollupCalendar, 'timeZone' | 'setMinutes'>,
  now: number,
): Promise<void> {
  await db
    .insertInto('tenant_heads')
    .values({ tenant_id: tenantId, time_zone: timeZone, set_minutes: setMinutes })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  await db
    .insertInto('folds')
    .values({ tenant_id: tenantId, folded_at: new Date(now).toISOString() })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
