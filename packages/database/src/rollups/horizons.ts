import type { Selectable } from 'kysely';
import type { Tables } from '../tables.ts';
import type { TenantTransaction } from '../with-tenant.ts';

/** From when on (epoch ms, midnights of UTC) a tenant has its raw events and its rollups; null: from the first. */
export type Horizons = { readonly rawFrom: number | null; readonly rollupsFrom: number | null };

export const HORIZON_COLUMNS = ['retention_horizon', 'rollup_horizon'] as const;

type HorizonRow = Pick<Selectable<Tables['tenant_heads']>, (typeof HORIZON_COLUMNS)[number]>;

export function toHorizons({ retention_horizon, rollup_horizon }: HorizonRow): Horizons {
  return { rawFrom: retention_horizon, rollupsFrom: rollup_horizon };
}

export async function readHorizons({ db, tenantId }: TenantTransaction): Promise<Horizons> {
  const row = await db
    .selectFrom('tenant_heads')
    .select(HORIZON_COLUMNS)
    .where('tenant_id', '=', tenantId)
    .executeTakeFirstOrThrow();
  return toHorizons(row);
}

/** Stores horizons, which must not lie before those there are. To be done under the locks of the fold and the head. */
export async function storeHorizons(
  { db, tenantId }: TenantTransaction,
  { rawFrom, rollupsFrom }: Horizons,
): Promise<void> {
  await db
    .updateTable('tenant_heads')
    .set({ retention_horizon: toIso(rawFrom), rollup_horizon: toIso(rollupsFrom) })
    .where('tenant_id', '=', tenantId)
    .execute();
}

function toIso(epochMs: number | null): string | null {
  return epochMs === null ? null : new Date(epochMs).toISOString();
}
