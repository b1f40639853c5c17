import { type RawBuilder, sql } from 'kysely';
import { ANY } from '../device-codes.ts';
import { instant, instants } from '../instant.ts';
import { CHUNK_SIZE } from '../rollups/merge-user-sets.ts';
import type { TenantTransaction } from '../with-tenant.ts';
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
 * Exact distinct users per bucket and group: dense sets as bits, everyone else (sparse sets, the log, raw
 * rows) as ordinals made bits once each, united chunk by chunk and counted once. Cells without users are
 * absent. The filter must name the types, or devices, that are grouped by.
 */
export async function countUsers(
  transaction: TenantTransaction,
  pieces: UserPieces,
  filter: CellFilter,
  grouping: Grouping,
): Promise<Cell[]> {
  const choice = { filter, grouping };
  const dense: RawBuilder<unknown>[] = [];
  const sparse: RawBuilder<unknown>[] = [];
  const addLevel = (level: 'day' | 'hour', piecesOfLevel: RawBuilder<unknown>) => {
    const sets = eachPiece(piecesOfLevel, storedSets(transaction, level, filter), 'stored');
    const key = groupKey(grouping, cellColumns('stored'));
    dense.push(sql`SELECT piece.bucket, ${key}, stored.chunk, stored.bits FROM ${sets} WHERE stored.bits IS NOT NULL`);
    sparse.push(sql`
      SELECT piece.bucket, ${key}, stored.chunk * ${sql.lit(CHUNK_SIZE)} + member
      FROM ${sets}, unnest(stored.members) AS member`);
  };
  if (pieces.day.length > 0) addLevel('day', dayPiecesAs(pieces.day));
  if (pieces.hour.length > 0) addLevel('hour', piecesAs(pieces.hour));
  const folded = [...pieces.day, ...pieces.hour];
  if (folded.length > 0) sparse.push(unfoldedUsers(transaction, folded, choice));
  if (pieces.raw.length > 0) {
    sparse.push(sql`
      SELECT piece.bucket, ${groupKey(grouping, cellColumns('raw'))}, raw.user_ordinal
      FROM ${rawEvents(transaction, pieces.raw, filter)} WHERE raw.user_ordinal IS NOT NULL`);
  }
  if (sparse.length === 0) return [];

  const { rows } = await sql<Cell>`
    SELECT bucket, key, sum(bit_count(bits))::bigint AS value
    FROM (
      SELECT bucket, key, chunk, bit_or(bits) AS bits
      FROM (${sql.join([...dense, asBits(sparse)], sql` UNION ALL `)}) AS found(bucket, key, chunk, bits)
      GROUP BY bucket, key, chunk
    ) AS united
    GROUP BY bucket, key`.execute(transaction.db);
  return rows;
}

/** Users given as ordinals, each once per bucket and group, as bits. */
function asBits(sparse: readonly RawBuilder<unknown>[]): RawBuilder<unknown> {
  const size = sql.lit(CHUNK_SIZE);
  return sql`
    SELECT bucket, key, ordinal / ${size}, set_bit(B'0'::bit(8192), ordinal % ${size}, 1)
    FROM (${sql.join(sparse, sql` UNION `)}) AS seen(bucket, key, ordinal)`;
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
