import { type Kysely, sql } from 'kysely';
import type { Tables } from '../tables.ts';

/** For how many days raw events and rollups are kept; null: for good. */
export type RetentionDays = { readonly rawDays: number | null; readonly rollupDays: number | null };

/** A tenant that may have something to delete. */
export type TrimmingTenantRow = RetentionDays & { readonly id: string };

const COLUMNS = ['raw_days as rawDays', 'rollup_days as rollupDays'] as const;

export async function findRetention(
  db: Kysely<Tables>,
  id: string,
): Promise<(RetentionDays & { readonly isTrimming: boolean }) | undefined> {
  const columns = [...COLUMNS, 'is_trimming as isTrimming'] as const;
  return await db.selectFrom('tenants').select(columns).where('id', '=', id).executeTakeFirst();
}

/** Stores what is to be kept, and that it is to be applied. */
export async function storeRetention(
  db: Kysely<Tables>,
  id: string,
  { rawDays, rollupDays }: RetentionDays,
): Promise<void> {
  await db
    .updateTable('tenants')
    .set({ raw_days: rawDays, rollup_days: rollupDays, is_trimming: true })
    .where('id', '=', id)
    .execute();
}

export async function listTrimmingTenantRows(db: Kysely<Tables>): Promise<TrimmingTenantRow[]> {
  return await db
    .selectFrom('tenants')
    .select(['id', ...COLUMNS])
    .where('is_trimming', '=', true)
    .execute();
}

/** Has every tenant that keeps less than everything looked at: time has gone on. */
export async function markTrimming(db: Kysely<Tables>): Promise<void> {
  await db.updateTable('tenants').set({ is_trimming: true }).where('raw_days', 'is not', null).execute();
}

/** Nothing is left to delete, unless the settings have changed meanwhile. */
export async function endTrimming(db: Kysely<Tables>, { id, rawDays, rollupDays }: TrimmingTenantRow): Promise<void> {
  await db
    .updateTable('tenants')
    .set({ is_trimming: false })
    .where('id', '=', id)
    .where(sql<boolean>`raw_days IS NOT DISTINCT FROM ${rawDays}::int`)
    .where(sql<boolean>`rollup_days IS NOT DISTINCT FROM ${rollupDays}::int`)
    .execute();
}
