import { type RawBuilder, sql } from 'kysely';
import { instants } from '../instant.ts';

/** Part of an answer's bucket that one level can answer whole: `[from, to)` in epoch ms. */
export type Piece = { readonly bucket: number; readonly from: number; readonly to: number };

/** A piece of whole days of the tenant's calendar, `[fromDay, toDay)`. */
export type DayPiece = Piece & { readonly fromDay: string; readonly toDay: string };

/** Pieces as rows `piece(bucket, from_at, to_at)` to join with. */
export function piecesAs(pieces: readonly Piece[]): RawBuilder<unknown> {
  return sql`unnest(
    ${pieces.map(({ bucket }) => bucket)}::int[],
    ${instants(pieces.map(({ from }) => from))},
    ${instants(pieces.map(({ to }) => to))}
  ) AS piece(bucket, from_at, to_at)`;
}

/** Day pieces as rows `piece(bucket, from_at, to_at)` of dates. */
export function dayPiecesAs(pieces: readonly DayPiece[]): RawBuilder<unknown> {
  return sql`unnest(
    ${pieces.map(({ bucket }) => bucket)}::int[],
    ${pieces.map(({ fromDay }) => fromDay)}::date[],
    ${pieces.map(({ toDay }) => toDay)}::date[]
  ) AS piece(bucket, from_at, to_at)`;
}
