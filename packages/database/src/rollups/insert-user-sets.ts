import { type RawBuilder, sql } from 'kysely';
import type { TenantTransaction } from '../with-tenant.ts';
import { MAX_MEMBERS, type SetLevel } from './merge-user-sets.ts';

/** The types and devices that sets are told apart by, those over all (ANY) included. */
export type SetKinds = { readonly typeIds: readonly number[]; readonly devices: readonly number[] };

/**
 * Inserts sets where there are none. `found` selects (bucket, type_id, device, chunk, members, bits), one row
 * a set: distinct members as smallint[], bits, or both, whose union is meant.
 */
export async function insertUserSets(
  { db, tenantId }: TenantTransaction,
  level: SetLevel,
  found: RawBuilder<unknown>,
): Promise<void> {
  const max = sql.lit(MAX_MEMBERS);
  await sql`
    INSERT INTO ${sql.table(`user_sets_${level}`)}
      (tenant_id, ${sql.ref(level === 'day' ? 'day' : 'bucket')}, type_id, device, chunk, members, bits)
    SELECT ${tenantId}, bucket, type_id, device, chunk,
      CASE WHEN bits IS NULL AND cardinality(members) <= ${max} THEN user_set_pack(members) END,
      CASE WHEN bits IS NOT NULL OR cardinality(members) > ${max}
        THEN coalesce(bits | user_set_bits(members), bits, user_set_bits(members)) END
    FROM (${found}) AS found`.execute(db);
}
