import { type RawBuilder, sql } from 'kysely';
import { int2s, int4s } from '../binary-array.ts';
import type { SetLevel } from '../rollups/merge-user-sets.ts';
import type { TenantTransaction } from '../with-tenant.ts';
import type { SharedChunk } from './count-shared.ts';
import type { Cell } from './grouping.ts';
import { cellColumns, groupKey } from './grouping.ts';
import { dayPiecesAs, eachPiece, piecesAs } from './piece.ts';
import type { SetChoice, SetPieces } from './user-pieces.ts';

/** A chunk of a bucket's group. */
export type ChunkPlace = { readonly bucket: number; readonly key: number; readonly chunk: number };

/** The users of pieces in which each group has one set per chunk. Pieces must come in the order of time. */
export async function countLoneSets(
  transaction: TenantTransaction,
  { day, hour }: SetPieces,
  choice: SetChoice,
): Promise<Cell[]> {
  const [firstDay, lastDay] = [day[0], day.at(-1)];
  const [firstHour, lastHour] = [hour[0], hour.at(-1)];
  const counted = await Promise.all([
    firstDay && lastDay
      ? countFromIndex(transaction, 'day', dayPiecesAs([{ ...firstDay, toDay: lastDay.toDay }]), {
          ...choice,
          bucketOf: new Map(day.map(({ fromDay, bucket }) => [fromDay, bucket])),
        })
      : [],
    firstHour && lastHour
      ? countFromIndex(transaction, 'hour', piecesAs([{ ...firstHour, to: lastHour.to }]), {
          ...choice,
          bucketOf: new Map(hour.map(({ from, bucket }) => [from, bucket])),
        })
      : [],
  ]);
  return counted.flat();
}

/**
 * The users of sets by bucket, `bucketOf` telling it from where a set begins; others are left out. The index holds all
 * that is read, and each kind of set is one range of it: by piece, finding the places took longer than reading.
 */
async function countFromIndex(
  transaction: TenantTransaction,
  level: SetLevel,
  range: RawBuilder<unknown>,
  { bucketOf, ...choice }: SetChoice & { readonly bucketOf: ReadonlyMap<string | number, number> },
): Promise<Cell[]> {
  const { rows } = await sql<{ start: string | number; key: number; value: number }>`
    SELECT bucket AS start, key, sum(users)::bigint AS value
    FROM (${setsOfLevel(transaction, level, range, { ...choice, byStart: true })}) AS lone${SET_COLUMNS}
    GROUP BY bucket, key`.execute(transaction.db);
  return rows.flatMap(({ start, key, value }) => {
    const bucket = bucketOf.get(start);
    return bucket === undefined ? [] : { bucket, key, value };
  });
}

/**
 * Unites the sets of each chunk as far as they are bits. Counts the chunks that need no more: of bits alone, or of
 * one array; the others, and those that have `loose` users as well, are returned to be united.
 */
export async function uniteSets(
  transaction: TenantTransaction,
  pieces: SetPieces,
  choice: SetChoice & { readonly loose: readonly ChunkPlace[] },
): Promise<{ settled: Cell[]; shared: (ChunkPlace & SharedChunk)[] }> {
  const sets = selectSets(transaction, pieces, choice);
  if (sets === undefined) return { settled: [], shared: [] };
  const { loose } = choice;
  const { rows } = await sql<
    Cell & { readonly chunk: number | null; readonly bits: Buffer | null; readonly members: Buffer | null }
  >`
    WITH chunks AS MATERIALIZED (
      SELECT bucket, key, chunk, bit_or(bits) AS bits, string_agg(members, ''::bytea) AS members,
        count(members) > 0 AND count(*) > 1
          OR (bucket, key, chunk) IN (
            SELECT * FROM unnest(
              ${int4s(loose.map(({ bucket }) => bucket))}, ${int4s(loose.map(({ key }) => key))},
              ${int4s(loose.map(({ chunk }) => chunk))}
            )
          ) AS is_shared
      FROM (${sets}) AS found${SET_COLUMNS} GROUP BY bucket, key, chunk
    )
    SELECT bucket, key, NULL::int AS chunk, sum(coalesce(bit_count(bits), length(members) / 2))::bigint AS value,
      NULL::bytea AS bits, NULL::bytea AS members
    FROM chunks WHERE NOT is_shared GROUP BY bucket, key
    UNION ALL
    SELECT bucket, key, chunk, 0, bit_send(bits), members FROM chunks WHERE is_shared`.execute(transaction.db);
  const settled: Cell[] = [];
  const shared: (ChunkPlace & SharedChunk)[] = [];
  for (const { bucket, key, chunk, value, bits, members } of rows) {
    if (chunk === null) settled.push({ bucket, key, value });
    else shared.push({ bucket, key, chunk, bits, members: members === null ? [] : [members] });
  }
  return { settled, shared };
}

/** The stored sets; undefined where there are no pieces. */
function selectSets(
  transaction: TenantTransaction,
  { day, hour }: SetPieces,
  choice: SetChoice,
): RawBuilder<unknown> | undefined {
  const levels: RawBuilder<unknown>[] = [];
  if (day.length > 0) levels.push(setsOfLevel(transaction, 'day', dayPiecesAs(day), choice));
  if (hour.length > 0) levels.push(setsOfLevel(transaction, 'hour', piecesAs(hour), choice));
  return levels.length === 0 ? undefined : sql.join(levels, sql` UNION ALL `);
}

/** What a set is selected as; columns that nobody uses are not read. */
const SET_COLUMNS = sql`(bucket, key, chunk, members, bits, users)`;

/** The sets of one level; with `byStart` their bucket is the day, or the instant, that they begin at. */
function setsOfLevel(
  { tenantId }: TenantTransaction,
  level: SetLevel,
  pieces: RawBuilder<unknown>,
  { kinds: { typeIds, devices }, grouping, byStart = false }: SetChoice & { readonly byStart?: boolean },
): RawBuilder<unknown> {
  const bucket = sql.ref(level === 'day' ? 'day' : 'bucket');
  const rows = sql`
    SELECT type_id, device, chunk, ${bucket} AS start, members, bits, users FROM ${sql.table(`user_sets_${level}`)}
    WHERE tenant_id = ${tenantId} AND type_id = ANY(${int2s(typeIds)}) AND device = ANY(${int2s(devices)})
      AND ${bucket} >= piece.from_at AND ${bucket} < piece.to_at`;
  return sql`
    SELECT ${sql.ref(byStart ? 'stored.start' : 'piece.bucket')}, ${groupKey(grouping, cellColumns('stored'))},
      stored.chunk, stored.members, stored.bits, stored.users
    FROM ${eachPiece(pieces, rows, 'stored')}`;
}
