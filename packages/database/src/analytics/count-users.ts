import { type RawBuilder, sql } from 'kysely';
import { ANY } from '../device-codes.ts';
import { CHUNK_SIZE } from '../rollups/merge-user-sets.ts';
import type { TenantTransaction } from '../with-tenant.ts';
import type { Cell, CellFilter, Grouping } from './grouping.ts';
import { cellFilter, groupKey } from './grouping.ts';
import type { DayPiece, Piece } from './piece.ts';
import { dayPiecesAs, piecesAs } from './piece.ts';
import { rawEvents } from './raw-events.ts';

/** Where the users of each bucket are found. Day and hour pieces are completed from the unfolded log. */
export type UserPieces = {
  readonly day: readonly DayPiece[];
  readonly hour: readonly Piece[];
  readonly raw: readonly Piece[];
};

/**
 * Exact distinct users per bucket and group: sets, log and raw rows are united as bits, chunk by chunk,
 * and counted once. Cells without users are absent.
 */
export async function countUsers(
  transaction: TenantTransaction,
  pieces: UserPieces,
  filter: CellFilter,
  grouping: Grouping,
): Promise<Cell[]> {
  const choice = { filter, grouping };
  const parts: RawBuilder<unknown>[] = [];
  if (pieces.day.length > 0) {
    parts.push(...fromSets(transaction, 'day', dayPiecesAs(pieces.day), choice));
  }
  if (pieces.hour.length > 0) {
    parts.push(...fromSets(transaction, 'hour', piecesAs(pieces.hour), choice));
  }
  const folded = [...pieces.day, ...pieces.hour];
  if (folded.length > 0) parts.push(fromLog(transaction, folded, choice));
  if (pieces.raw.length > 0) parts.push(fromRaw(transaction, pieces.raw, choice));
  if (parts.length === 0) return [];

  const { rows } = await sql<Cell>`
    SELECT bucket, key, sum(bit_count(bits))::bigint AS value
    FROM (
      SELECT bucket, key, chunk, bit_or(bits) AS bits
      FROM (${sql.join(parts, sql` UNION ALL `)}) AS found(bucket, key, chunk, bits)
      GROUP BY bucket, key, chunk
    ) AS united
    GROUP BY bucket, key`.execute(transaction.db);
  return rows;
}

type Choice = { readonly filter: CellFilter; readonly grouping: Grouping };

/** The stored sets, from the coarsest ones that tell apart every filtered or grouped dimension. */
function fromSets(
  { tenantId }: TenantTransaction,
  level: 'day' | 'hour',
  pieces: RawBuilder<unknown>,
  { filter, grouping }: Choice,
): RawBuilder<unknown>[] {
  const bucket = sql.ref(level === 'day' ? 'stored.day' : 'stored.bucket');
  const table = sql.table(`user_sets_${level}`);
  const source = sql`
    FROM ${pieces}
    JOIN ${table} AS stored ON stored.tenant_id = ${tenantId}
      AND ${coarsest('type_id', filter.typeIds, grouping.by === 'type')}
      AND ${coarsest('device', filter.devices, grouping.by === 'device')}
      AND ${bucket} >= piece.from_at AND ${bucket} < piece.to_at`;
  const key = groupKey(grouping, 'stored');
  return [
    sql`SELECT piece.bucket, ${key}, stored.chunk, stored.bits ${source} WHERE stored.bits IS NOT NULL`,
    sql`SELECT piece.bucket, ${key}, stored.chunk, user_set_bits(stored.members) ${source} WHERE stored.bits IS NULL`,
  ];
}

function coarsest(column: 'type_id' | 'device', wanted: readonly number[] | null, isGrouped: boolean) {
  const stored = sql.ref(`stored.${column}`);
  if (wanted !== null) return sql`${stored} = ANY(${wanted}::smallint[])`;
  return isGrouped ? sql`${stored} <> ${sql.lit(ANY)}` : sql`${stored} = ${sql.lit(ANY)}`;
}

function fromLog(
  { tenantId }: TenantTransaction,
  pieces: readonly Piece[],
  { filter, grouping }: Choice,
): RawBuilder<unknown> {
  return sql`
    SELECT bucket, key, ${chunkOf('ordinal')}, ${bitOf('ordinal')} FROM (
      SELECT DISTINCT piece.bucket, ${groupKey(grouping, 'log')} AS key, log.ordinal
      FROM ${piecesAs(pieces)}
      JOIN user_log AS log ON log.tenant_id = ${tenantId}
        AND log.quarter >= piece.from_at AND log.quarter < piece.to_at
      WHERE ${cellFilter(filter, 'log')}
    ) AS unfolded`;
}

function fromRaw(
  transaction: TenantTransaction,
  pieces: readonly Piece[],
  { filter, grouping }: Choice,
): RawBuilder<unknown> {
  return sql`
    SELECT bucket, key, ${chunkOf('user_ordinal')}, ${bitOf('user_ordinal')} FROM (
      SELECT DISTINCT raw.bucket, ${groupKey(grouping, 'raw')} AS key, raw.user_ordinal
      FROM ${rawEvents(transaction, pieces)}
      WHERE raw.user_ordinal IS NOT NULL AND ${cellFilter(filter, 'raw')}
    ) AS seen`;
}

function chunkOf(column: string) {
  return sql`${sql.ref(column)} / ${sql.lit(CHUNK_SIZE)}`;
}

function bitOf(column: string) {
  return sql`set_bit(B'0'::bit(8192), ${sql.ref(column)} % ${sql.lit(CHUNK_SIZE)}, 1)`;
}
