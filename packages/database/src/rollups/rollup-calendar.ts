import type { Selectable } from 'kysely';
import type { Tables } from '../tables.ts';
import type { TenantTransaction } from '../with-tenant.ts';

/**
 * Which calendar a tenant's rollups follow. A change of the zone converts them from the newest backwards, so
 * that newer ones are of this calendar and older ones are not to be read.
 */
export type RollupCalendar = {
  readonly timeZone: string;
  /** Rows of days are whole, and of this zone, from this day on; null: all are. */
  readonly daysFrom: string | null;
  /** What a fine user set holds: 60 minutes, or 15 … */
  readonly setMinutes: number;
  /** … from this instant (epoch ms) on, and 60 before it; null: everywhere. */
  readonly quarterSetsFrom: number | null;
};

export const CALENDAR_COLUMNS = ['time_zone', 'days_from', 'set_minutes', 'quarter_sets_from'] as const;

type CalendarRow = Pick<Selectable<Tables['tenant_heads']>, (typeof CALENDAR_COLUMNS)[number]>;

export function toRollupCalendar(row: CalendarRow): RollupCalendar {
  return {
    timeZone: row.time_zone,
    daysFrom: row.days_from,
    setMinutes: row.set_minutes,
    quarterSetsFrom: row.quarter_sets_from,
  };
}

/** The calendar as it stands. To be asked under the lock of the head or of the fold, which keep it still. */
export async function readCalendar({ db, tenantId }: TenantTransaction): Promise<RollupCalendar> {
  const row = await db
    .selectFrom('tenant_heads')
    .select(CALENDAR_COLUMNS)
    .where('tenant_id', '=', tenantId)
    .executeTakeFirstOrThrow();
  return toRollupCalendar(row);
}
