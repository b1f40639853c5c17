import type { TenantTransaction } from '../with-tenant.ts';
import type { RollupCalendar } from './rollup-calendar.ts';

/** Stores what of the calendar has changed. To be done under the locks of the fold and the head. */
export async function changeCalendar(
  { db, tenantId }: TenantTransaction,
  { timeZone, daysFrom, setMinutes, quarterSetsFrom }: Partial<RollupCalendar>,
): Promise<void> {
  await db
    .updateTable('tenant_heads')
    .set({
      ...(timeZone !== undefined && { time_zone: timeZone }),
      ...(daysFrom !== undefined && { days_from: daysFrom }),
      ...(setMinutes !== undefined && { set_minutes: setMinutes }),
      ...(quarterSetsFrom !== undefined && {
        quarter_sets_from: quarterSetsFrom === null ? null : new Date(quarterSetsFrom).toISOString(),
      }),
    })
    .where('tenant_id', '=', tenantId)
    .execute();
}
