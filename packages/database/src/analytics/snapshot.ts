import { sql } from 'kysely';
import { HORIZON_COLUMNS, type Horizons, toHorizons } from '../rollups/horizons.ts';
import { CALENDAR_COLUMNS, type RollupCalendar, toRollupCalendar } from '../rollups/rollup-calendar.ts';
import type { TenantTransaction } from '../with-tenant.ts';

/** Where in the tenant's history a transaction's snapshot stands. */
export type Snapshot = {
  /** The last commit it holds. */
  readonly seq: number;
  /** The database's clock, epoch ms. */
  readonly asOf: number;
  /** What its rollups follow. */
  readonly calendar: RollupCalendar;
  /** From when on it has what. */
  readonly horizons: Horizons;
};

/** The first statement of an answer: it takes the snapshot that all later ones share. */
export async function takeSnapshot({ db, tenantId }: TenantTransaction): Promise<Snapshot> {
  const row = await db
    .selectFrom('tenant_heads')
    .select([
      'seq',
      sql<number>`date_trunc('milliseconds', statement_timestamp())`.as('asOf'),
      ...CALENDAR_COLUMNS,
      ...HORIZON_COLUMNS,
    ])
    .where('tenant_id', '=', tenantId)
    .executeTakeFirst();
  if (row === undefined) throw new Error(`tenant ${tenantId} has no head`);
  return { seq: row.seq, asOf: row.asOf, calendar: toRollupCalendar(row), horizons: toHorizons(row) };
}
