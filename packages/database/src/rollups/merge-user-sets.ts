import { sql } from 'kysely';
import type { TenantTransaction } from '../with-tenant.ts';

/** Users per chunk: the ordinals `chunk * 8192` to `chunk * 8192 + 8191`. */
export const CHUNK_SIZE = 8_192;

/** Past this many members bits take less room than an array, and unite faster. */
export const MAX_MEMBERS = 256;

export type SetLevel = 'hour' | 'day';

/** Users to add to one set; `bucket` is an ISO instant for hours, a day for days. */
export type UserSetDelta = {
  readonly bucket: string;
  /** ANY for the set over all types. */
  readonly typeId: number;
  /** ANY for the set over all devices. */
  readonly device: number;
  readonly chunk: number;
  /** Positions in the chunk, sorted and distinct. */
  readonly members: readonly number[];
};

/** Unites the deltas with the stored sets. They must come sorted by key, each key once. */
export async function mergeUserSets(
  { db, tenantId }: TenantTransaction,
  level: SetLevel,
  deltas: readonly UserSetDelta[],
): Promise<void> {
  if (deltas.length === 0) return;
  const column = sql.ref(level === 'day' ? 'day' : 'bucket');
  const type = sql.raw(level === 'day' ? 'date[]' : 'timestamptz[]');
  const table = sql.table(`user_sets_${level}`);
  const max = sql.lit(MAX_MEMBERS);
  await sql`
    INSERT INTO ${table} AS stored (tenant_id, ${column}, type_id, device, chunk, members, bits)
    SELECT ${tenantId}, bucket, type_id, device, chunk,
      CASE WHEN cardinality(members) <= ${max} THEN members END,
      CASE WHEN cardinality(members) > ${max} THEN user_set_bits(members) END
    FROM (
      SELECT bucket, type_id, device, chunk, members::smallint[]
      FROM unnest(
        ${deltas.map(({ bucket }) => bucket)}::${type},
        ${deltas.map(({ typeId }) => typeId)}::smallint[],
        ${deltas.map(({ device }) => device)}::smallint[],
        ${deltas.map(({ chunk }) => chunk)}::int[],
        ${deltas.map(({ members }) => `{${members.join(',')}}`)}::text[]
      ) AS given(bucket, type_id, device, chunk, members)
    ) AS delta
    ON CONFLICT (tenant_id, type_id, device, ${column}, chunk) DO UPDATE SET
      members = CASE
        WHEN stored.bits IS NULL AND excluded.bits IS NULL
          AND cardinality(user_set_members(stored.members, excluded.members)) <= ${max}
        THEN user_set_members(stored.members, excluded.members)
      END,
      bits = CASE
        WHEN stored.bits IS NULL AND excluded.bits IS NULL
          AND cardinality(user_set_members(stored.members, excluded.members)) <= ${max}
        THEN NULL
        ELSE coalesce(stored.bits, user_set_bits(stored.members))
          | coalesce(excluded.bits, user_set_bits(excluded.members))
      END`.execute(db);
}
