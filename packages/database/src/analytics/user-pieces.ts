import type { SetKinds } from '../rollups/insert-user-sets.ts';
import type { Grouping } from './grouping.ts';
import type { DayPiece, Piece } from './piece.ts';

/** A stretch of fine sets, each of which holds `setMs`. */
export type HourPiece = Piece & { readonly setMs: number };

/** Where sets are found. */
export type SetPieces = { readonly day: readonly DayPiece[]; readonly hour: readonly HourPiece[] };

/** Where the users of each bucket are found. Day and hour pieces are completed from the unfolded log. */
export type UserPieces = SetPieces & { readonly raw: readonly Piece[] };

/**
 * The sets whose users count, and how they are told apart. ANY beside the types, or devices, that are grouped by is
 * a group of its own: ALL.
 */
export type SetChoice = { readonly kinds: SetKinds; readonly grouping: Grouping };

const DAY_MS = 24 * 60 * 60_000;

/**
 * The pieces that are one set per group and chunk, each all of its bucket, so that nothing has to be united; and
 * the rest. `loose` are the buckets that have users outside of sets.
 */
export function splitLonePieces(
  { day, hour, raw }: UserPieces,
  choice: SetChoice,
  loose: ReadonlySet<number>,
): { lone: SetPieces; rest: SetPieces } {
  const piecesOf = Map.groupBy([...day, ...hour, ...raw], ({ bucket }) => bucket);
  const isAlone = ({ bucket }: Piece) => piecesOf.get(bucket)?.length === 1 && !loose.has(bucket);
  const canBeLone = hasOneSetPerGroup(choice);
  const days = Map.groupBy(day, (piece) => canBeLone && isAlone(piece) && isOneDay(piece));
  const hours = Map.groupBy(hour, (piece) => canBeLone && isAlone(piece) && piece.to - piece.from === piece.setMs);
  return {
    lone: { day: days.get(true) ?? [], hour: hours.get(true) ?? [] },
    rest: { day: days.get(false) ?? [], hour: hours.get(false) ?? [] },
  };
}

function isOneDay({ fromDay, toDay }: DayPiece): boolean {
  return Date.parse(toDay) - Date.parse(fromDay) === DAY_MS;
}

function hasOneSetPerGroup({ kinds: { typeIds, devices }, grouping: { by, keep } }: SetChoice): boolean {
  return keep === null && (by === 'type' || typeIds.length === 1) && (by === 'device' || devices.length === 1);
}
