import { type RawBuilder, sql } from 'kysely';
import { instants } from '../instant.ts';

/** Part of an answer's bucket that one level can answer whole: `[from, to)` in epoch ms. */
export type Piece = { readonly bucket: number; readonly from: number; readonly to: number };

/** A piece of whole days of the tenant's calendar, `[fromDay, toDay)`. */
export type DayPiece = Piece & { readonly fromDay: string; readonly toDay: string };

/**
 * A FROM item that joins pieces with the rows of each, `rows` being a SELECT bounded by `piece.from_at` and
 * `piece.to_at`. OFFSET 0 keeps the planner from turning it inside out: one index range per piece is right,
 * however little it knows of the pieces, and one scan of all history is not.
 */
export function eachPiece(pieces: RawBuilder<unknown>, rows: RawBuilder<unknown>, alias: string): RawBuilder<unknown> {
  return sql`${pieces} CROSS JOIN LATERAL (${rows} OFFSET 0) AS ${sql.ref(alias)}`;
}

/** Pieces as rows `piece(bucket, from_at, to_at)`; with ordinality also `place`, counted from 1. */
export function piecesAs(pieces: readonly Piece[], ordinality?: 'WITH ORDINALITY'): RawBuilder<unknown> {
  const columns = ordinality === undefined ? 'bucket, from_at, to_at' : 'bucket, from_at, to_at, place';
  return sql`unnest(
    ${pieces.map(({ bucket }) => bucket)}::int[],
    ${instants(pieces.map(({ from }) => from))},
    ${instants(pieces.map(({ to }) => to))}
  ) ${sql.raw(ordinality ?? '')} AS piece(${sql.raw(columns)})`;
}

/** Day pieces as rows `piece(bucket, from_at, to_at)` of dates. */
export function dayPiecesAs(pieces: readonly DayPiece[]): RawBuilder<unknown> {
  return sql`unnest(
    ${pieces.map(({ bucket }) => bucket)}::int[],
    ${pieces.map(({ fromDay }) => fromDay)}::date[],
    ${pieces.map(({ toDay }) => toDay)}::date[]
  ) AS piece(bucket, from_at, to_at)`;
}
