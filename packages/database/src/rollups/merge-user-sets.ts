import { sql } from 'kysely';
import { bitStrings, byteas } from '../binary-array.ts';
import type { TenantTransaction } from '../with-tenant.ts';
import { listMembers, packMembers, toBits, uniteSorted } from './user-set.ts';

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
  readonly members: ArrayLike<number>;
};

/** A set to write: the whole of it as members, or bits to be united with what is stored. */
type SetWrite = { readonly delta: UserSetDelta; readonly members: Buffer | null; readonly bits: Buffer | null };

/**
 * Unites the deltas with the stored sets. They must come sorted by key, each key once, from whoever holds the
 * fold's lock: arrays are read, united here and written back. Bits are united by the upsert itself, and a set
 * that gains nobody is not written.
 */
export async function mergeUserSets(
  transaction: TenantTransaction,
  level: SetLevel,
  deltas: readonly UserSetDelta[],
): Promise<void> {
  const stored = await readMembers(transaction, level, deltas);
  const writes = deltas.flatMap((delta, place) => toWrite(delta, stored.get(place)) ?? []);
  if (writes.length === 0) return;
  const { db, tenantId } = transaction;
  const { table, column } = refsOf(level);
  await sql`
    INSERT INTO ${table} AS stored (tenant_id, ${column}, type_id, device, chunk, members, bits)
    SELECT ${tenantId}, bucket, type_id, device, chunk, members, bits
    FROM unnest(
      ${keysOf(
        level,
        writes.map(({ delta }) => delta),
      )},
      ${byteas(writes.map(({ members }) => members))},
      ${bitStrings(writes.map(({ bits }) => bits))}
    ) AS given(bucket, type_id, device, chunk, members, bits)
    ON CONFLICT (tenant_id, type_id, device, ${column}, chunk) DO UPDATE SET
      members = CASE WHEN stored.bits IS NULL THEN excluded.members END,
      bits = CASE
        WHEN stored.bits IS NULL THEN excluded.bits
        ELSE stored.bits | coalesce(excluded.bits, user_set_bits(excluded.members))
      END
    WHERE stored.bits IS NULL OR (stored.bits | excluded.bits) IS DISTINCT FROM stored.bits`.execute(db);
}

/** The stored sets of the deltas, by their place: null for bits, absent where there is none. */
async function readMembers(
  { db, tenantId }: TenantTransaction,
  level: SetLevel,
  deltas: readonly UserSetDelta[],
): Promise<Map<number, Uint16Array | null>> {
  if (deltas.length === 0) return new Map();
  const { table, column } = refsOf(level);
  const { rows } = await sql<{ place: number; members: Buffer | null }>`
    SELECT given.place, stored.members
    FROM unnest(${keysOf(level, deltas)}) WITH ORDINALITY AS given(bucket, type_id, device, chunk, place)
    CROSS JOIN LATERAL (
      SELECT members FROM ${table} WHERE tenant_id = ${tenantId} AND type_id = given.type_id
        AND device = given.device AND ${column} = given.bucket AND chunk = given.chunk
      OFFSET 0
    ) AS stored`.execute(db);
  return new Map(rows.map(({ place, members }) => [place - 1, members && listMembers(members)]));
}

/** Undefined where the set has these members already. */
function toWrite(delta: UserSetDelta, stored: Uint16Array | null | undefined): SetWrite | undefined {
  if (stored === null) return { delta, members: null, bits: toBits(delta.members) };
  const members = stored === undefined ? delta.members : uniteSorted(stored, delta.members);
  if (members.length === stored?.length) return undefined;
  if (members.length > MAX_MEMBERS) return { delta, members: null, bits: toBits(members) };
  return { delta, members: packMembers(members), bits: null };
}

function refsOf(level: SetLevel) {
  return { table: sql.table(`user_sets_${level}`), column: sql.ref(level === 'day' ? 'day' : 'bucket') };
}

/** The keys as arrays for `unnest`. */
function keysOf(level: SetLevel, deltas: readonly UserSetDelta[]) {
  return sql`
    ${deltas.map(({ bucket }) => bucket)}::${sql.raw(level === 'day' ? 'date[]' : 'timestamptz[]')},
    ${deltas.map(({ typeId }) => typeId)}::smallint[],
    ${deltas.map(({ device }) => device)}::smallint[],
    ${deltas.map(({ chunk }) => chunk)}::int[]`;
}
