import { type Kysely, sql } from 'kysely';
import type { Tables } from '../tables.ts';

/** A tenant as stored. Its rollups may still be on the way to its zone: see rollup-calendar.ts. */
export type TenantRow = {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly timeZone: string;
  readonly createdAt: number;
  /** Its own budgets, by class of calls. */
  readonly limits: Readonly<Record<string, number>>;
};

const COLUMNS = ['id', 'slug', 'name', 'time_zone as timeZone', 'created_at as createdAt', 'limits'] as const;

export async function findTenantRow(db: Kysely<Tables>, id: string): Promise<TenantRow | undefined> {
  return await db.selectFrom('tenants').select(COLUMNS).where('id', '=', id).executeTakeFirst();
}

export async function listTenantRows(db: Kysely<Tables>): Promise<TenantRow[]> {
  return await db.selectFrom('tenants').select(COLUMNS).orderBy('created_at').orderBy('slug').execute();
}

/** The tenants whose rollups are on the way to another calendar. */
export async function listRebuildingTenantRows(db: Kysely<Tables>): Promise<TenantRow[]> {
  return await db
    .selectFrom('tenants')
    .select(COLUMNS)
    .where('is_rebuilding', '=', true)
    .orderBy('created_at')
    .execute();
}

export type TenantChanges = {
  readonly name?: string | undefined;
  readonly timeZone?: string | undefined;
  /** Whether its rollups are on the way to another calendar. */
  readonly isRebuilding?: boolean;
};

/** Changes a tenant and returns it as it is then; undefined where there is none. */
export async function updateTenantRow(
  db: Kysely<Tables>,
  id: string,
  { name, timeZone, isRebuilding }: TenantChanges,
): Promise<TenantRow | undefined> {
  return await db
    .updateTable('tenants')
    .set({
      ...(name !== undefined && { name }),
      ...(timeZone !== undefined && { time_zone: timeZone }),
      ...(isRebuilding !== undefined && { is_rebuilding: isRebuilding }),
    })
    .where('id', '=', id)
    .returning(COLUMNS)
    .executeTakeFirst();
}

/** Stores a tenant unless its slug is taken; says whether it did. */
export async function insertTenantRow(db: Kysely<Tables>, tenant: Omit<TenantRow, 'limits'>): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('tenants')
    .values({
      id: tenant.id,
      slug: tenant.slug,
      name: tenant.name,
      time_zone: tenant.timeZone,
      created_at: new Date(tenant.createdAt).toISOString(),
    })
    .onConflict((conflict) => conflict.column('slug').doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}

/** Sets budgets of a tenant, and takes away those that are null; what is undefined or absent stays. */
export async function updateTenantLimits(
  db: Kysely<Tables>,
  id: string,
  changes: Readonly<Record<string, number | null | undefined>>,
): Promise<TenantRow | undefined> {
  return await db
    .updateTable('tenants')
    .set({ limits: sql`jsonb_strip_nulls(limits || ${JSON.stringify(changes)}::jsonb)` })
    .where('id', '=', id)
    .returning(COLUMNS)
    .executeTakeFirst();
}
