import { type RawBuilder, sql } from 'kysely';
import { int2s, int4s } from '../binary-array.ts';
import { ANY } from '../device-codes.ts';
import type { TenantTransaction } from '../with-tenant.ts';
import type { Cell } from './grouping.ts';
import { cellColumns, groupKey } from './grouping.ts';
import { dayPiecesAs, eachPiece, piecesAs } from './piece.ts';
import type { SetPieces, UserChoice } from './user-pieces.ts';

/** A chunk of a bucket's group. */
export type ChunkPlace = { readonly bucket: number; readonly key: number; readonly chunk: number };

/** The chunk whose sets have to be united with others: its bits, as `bit_send` writes them, and how many arrays it has. */
export type SharedBits = ChunkPlace & { readonly bits: Buffer | null; readonly arrays: number };

/** The users of pieces in which each group has one set per chunk. */
export async function countLoneSets(
  transaction: TenantTransaction,
  pieces: SetPieces,
  choice: UserChoice,
): Promise<Cell[]> {
  const sets = selectSets(transaction, pieces, choice);
  if (sets === undefined) return [];
  const { rows } = await sql<Cell>`
    SELECT bucket, key, sum(users)::bigint AS value
    FROM (${sets}) AS lone(bucket, key, chunk, members, bits, users) GROUP BY bucket, key`.execute(transaction.db);
  return rows;
}

/**
 * Unites the bits of each chunk. Counts the chunks that need no more: of bits alone, or of one array; the others,
 * and those that have `loose` users as well, are returned to be united.
 */
export async function uniteBits(
  transaction: TenantTransaction,
  pieces: SetPieces,
  choice: UserChoice & { readonly loose: readonly ChunkPlace[] },
): Promise<{ settled: Cell[]; shared: SharedBits[] }> {
  const sets = selectSets(transaction, pieces, choice);
  if (sets === undefined) return { settled: [], shared: [] };
  const { loose } = choice;
  const { rows } = await sql<Omit<SharedBits, 'chunk'> & { chunk: number | null; value: number }>`
    WITH chunks AS MATERIALIZED (
      SELECT bucket, key, chunk, bit_or(bits) AS bits, sum(users) AS listed, count(members) AS arrays,
        count(members) > 0 AND count(*) > 1
          OR (bucket, key, chunk) IN (
            SELECT * FROM unnest(
              ${int4s(loose.map(({ bucket }) => bucket))}, ${int4s(loose.map(({ key }) => key))},
              ${int4s(loose.map(({ chunk }) => chunk))}
            )
          ) AS is_shared
      FROM (${sets}) AS found(bucket, key, chunk, members, bits, users) GROUP BY bucket, key, chunk
    )
    SELECT bucket, key, NULL::int AS chunk, sum(coalesce(bit_count(bits), listed))::bigint AS value,
      NULL::bytea AS bits, 0 AS arrays
    FROM chunks WHERE NOT is_shared GROUP BY bucket, key
    UNION ALL
    SELECT bucket, key, chunk, 0, bit_send(bits), arrays FROM chunks WHERE is_shared`.execute(transaction.db);
  const settled: Cell[] = [];
  const shared: SharedBits[] = [];
  for (const { bucket, key, chunk, value, bits, arrays } of rows) {
    if (chunk === null) settled.push({ bucket, key, value });
    else shared.push({ bucket, key, chunk, bits, arrays });
  }
  return { settled, shared };
}

/** The members of the chunks that have arrays, and of some others of the same buckets and numbers. */
export async function listMembers(
  transaction: TenantTransaction,
  pieces: SetPieces,
  choice: UserChoice & { readonly shared: readonly SharedBits[] },
): Promise<(ChunkPlace & { readonly members: Buffer })[]> {
  const wanted = choice.shared.filter(({ arrays }) => arrays > 0);
  const buckets = new Set(wanted.map(({ bucket }) => bucket));
  const isWanted = ({ bucket }: { bucket: number }) => buckets.has(bucket);
  const narrowed = { day: pieces.day.filter(isWanted), hour: pieces.hour.filter(isWanted) };
  const chunks = [...new Set(wanted.map(({ chunk }) => chunk))];
  const sets = selectSets(transaction, narrowed, choice, sql`members IS NOT NULL AND chunk = ANY(${int4s(chunks)})`);
  if (sets === undefined) return [];
  const { rows } = await sql<ChunkPlace & { members: Buffer }>`
    SELECT bucket, key, chunk, string_agg(members, ''::bytea) AS members
    FROM (${sets}) AS found(bucket, key, chunk, members, bits, users) GROUP BY bucket, key, chunk`.execute(
    transaction.db,
  );
  return rows;
}

/**
 * The stored sets as (bucket, key, chunk, members, bits, users), from the coarsest ones that tell apart every filtered or
 * grouped dimension; undefined where there are no pieces.
 */
function selectSets(
  { tenantId }: TenantTransaction,
  { day, hour }: SetPieces,
  { filter: { typeIds, devices }, grouping }: UserChoice,
  condition: RawBuilder<unknown> = sql`true`,
): RawBuilder<unknown> | undefined {
  const select = (level: 'day' | 'hour', pieces: RawBuilder<unknown>) => {
    const bucket = sql.ref(level === 'day' ? 'day' : 'bucket');
    const rows = sql`
      SELECT type_id, device, chunk, members, bits, users FROM ${sql.table(`user_sets_${level}`)}
      WHERE tenant_id = ${tenantId} AND type_id = ANY(${int2s(typeIds ?? [ANY])})
        AND device = ANY(${int2s(devices ?? [ANY])})
        AND ${bucket} >= piece.from_at AND ${bucket} < piece.to_at AND ${condition}`;
    return sql`
      SELECT piece.bucket, ${groupKey(grouping, cellColumns('stored'))}, stored.chunk, stored.members, stored.bits, stored.users
      FROM ${eachPiece(pieces, rows, 'stored')}`;
  };
  const levels: RawBuilder<unknown>[] = [];
  if (day.length > 0) levels.push(select('day', dayPiecesAs(day)));
  if (hour.length > 0) levels.push(select('hour', piecesAs(hour)));
  return levels.length === 0 ? undefined : sql.join(levels, sql` UNION ALL `);
}
