import { type RawBuilder, sql } from 'kysely';
import { ANY } from '../device-codes.ts';
import { instant, instants } from '../instant.ts';
import { CHUNK_SIZE } from '../rollups/merge-user-sets.ts';
import type { TenantTransaction } from '../with-tenant.ts';
import { countShared } from './count-shared.ts';
import type { Cell, CellFilter, Grouping } from './grouping.ts';
import { cellColumns, cellFilter, groupKey } from './grouping.ts';
import { type DayPiece, dayPiecesAs, eachPiece, type Piece, piecesAs } from './piece.ts';
import { rawEvents } from './raw-events.ts';

/** Where the users of each bucket are found. Day and hour pieces are completed from the unfolded log. */
export type UserPieces = {
  readonly day: readonly DayPiece[];
  readonly hour: readonly Piece[];
  readonly raw: readonly Piece[];
};

type Choice = { readonly filter: CellFilter; readonly grouping: Grouping };

/**
 * Exact distinct users per bucket and group. A chunk of users that one set alone knows of, or bits alone, is
 * counted as it is; only where arrays meet other sets are they united, here: SQL would handle their members one
 * by one. Cells without users are absent. The filter must name the types, or devices, that are grouped by.
 */
export async function countUsers(
  transaction: TenantTransaction,
  pieces: UserPieces,
  filter: CellFilter,
  grouping: Grouping,
): Promise<Cell[]> {
  const choice = { filter, grouping };
  const sets: RawBuilder<unknown>[] = [];
  const loose: RawBuilder<unknown>[] = [];
  const addLevel = (level: 'day' | 'hour', piecesOfLevel: RawBuilder<unknown>) => {
    sets.push(sql`
      SELECT piece.bucket, ${groupKey(grouping, cellColumns('stored'))}, stored.chunk, stored.members, stored.bits
      FROM ${eachPiece(piecesOfLevel, storedSets(transaction, level, filter), 'stored')}`);
  };
  if (pieces.day.length > 0) addLevel('day', dayPiecesAs(pieces.day));
  if (pieces.hour.length > 0) addLevel('hour', piecesAs(pieces.hour));
  const folded = [...pieces.day, ...pieces.hour];
  if (folded.length > 0) loose.push(unfoldedUsers(transaction, folded, choice));
  if (pieces.raw.length > 0) {
    loose.push(sql`
      SELECT piece.bucket, ${groupKey(grouping, cellColumns('raw'))}, raw.user_ordinal
      FROM ${rawEvents(transaction, pieces.raw, filter)} WHERE raw.user_ordinal IS NOT NULL`);
  }
  if (loose.length === 0) return [];

  const { rows } = await sql<Counted>`
    WITH found AS MATERIALIZED (
      ${sql.join([...sets, asArrays(loose)], sql` UNION ALL `)}
    ), chunks AS MATERIALIZED (
      SELECT bucket, key, chunk, bit_or(bits) AS bits, sum(cardinality(members)) AS listed,
        count(members) + count(bits) > 1 AND count(members) > 0 AS is_shared
      FROM found AS found(bucket, key, chunk, members, bits) GROUP BY bucket, key, chunk
    )
    SELECT bucket, key, sum(coalesce(bit_count(bits), listed)) AS users, NULL::bytea AS bits, NULL::bytea AS arrays
    FROM chunks WHERE NOT is_shared GROUP BY bucket, key
    UNION ALL
    SELECT bucket, key, 0, bit_send(chunks.bits), shared.arrays
    FROM chunks JOIN (
      SELECT bucket, key, chunk, string_agg(array_send(members), '') AS arrays
      FROM chunks JOIN found AS found(bucket, key, chunk, members, bits) USING (bucket, key, chunk)
      WHERE is_shared GROUP BY bucket, key, chunk
    ) AS shared USING (bucket, key, chunk)`.execute(transaction.db);
  return addUp(rows);
}

/** The users of a bucket and group who need no telling apart, or the sets of one chunk where they do. */
type Counted = {
  readonly bucket: number;
  readonly key: number;
  readonly users: number;
  readonly bits: Buffer | null;
  readonly arrays: Buffer | null;
};

function addUp(rows: readonly Counted[]): Cell[] {
  const cells = new Map<string, { bucket: number; key: number; value: number }>();
  for (const { bucket, key, users, bits, arrays } of rows) {
    const name = `${bucket}:${key}`;
    const cell = cells.get(name) ?? { bucket, key, value: 0 };
    cells.set(name, cell);
    cell.value += users + (arrays === null ? 0 : countShared(bits, arrays));
  }
  return [...cells.values()];
}

/** Users given as ordinals, as one array per bucket, group and chunk. */
function asArrays(loose: readonly RawBuilder<unknown>[]): RawBuilder<unknown> {
  const size = sql.lit(CHUNK_SIZE);
  return sql`
    SELECT bucket, key, ordinal / ${size}, array_agg((ordinal % ${size})::smallint), NULL::bit(${size})
    FROM (SELECT DISTINCT * FROM (${sql.join(loose, sql` UNION ALL `)}) AS seen(bucket, key, ordinal)) AS distinct_users
    GROUP BY 1, 2, 3`;
}

/** The stored sets of a piece, from the coarsest ones that tell apart every filtered or grouped dimension. */
function storedSets({ tenantId }: TenantTransaction, level: 'day' | 'hour', { typeIds, devices }: CellFilter) {
  const bucket = sql.ref(level === 'day' ? 'day' : 'bucket');
  return sql`
    SELECT type_id, device, chunk, members, bits FROM ${sql.table(`user_sets_${level}`)}
    WHERE tenant_id = ${tenantId}
      AND type_id = ANY(${typeIds ?? [ANY]}::smallint[]) AND device = ANY(${devices ?? [ANY]}::smallint[])
      AND ${bucket} >= piece.from_at AND ${bucket} < piece.to_at`;
}

/**
 * Users that the log holds for the pieces, which must not overlap. Each row is placed once by its piece's
 * start, so the cost does not multiply with the pieces however far the fold is behind.
 */
function unfoldedUsers({ tenantId }: TenantTransaction, pieces: readonly Piece[], { filter, grouping }: Choice) {
  const sorted = [...pieces].sort((one, other) => one.from - other.from);
  const first = sorted[0]?.from ?? 0;
  return sql`
    SELECT piece.bucket, ${groupKey(grouping, cellColumns('log'))}, unnest(log.ordinals)
    FROM (
      SELECT *, width_bucket(quarter, ${instants(sorted.map(({ from }) => from))}) AS place
      FROM user_log WHERE tenant_id = ${tenantId} AND quarter >= ${instant(first)}
        AND ${cellFilter(filter, { typeId: 'type_id', device: 'device' })}
    ) AS log
    JOIN ${piecesAs(sorted, 'WITH ORDINALITY')} ON piece.place = log.place AND log.quarter < piece.to_at`;
}
