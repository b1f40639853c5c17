import type { CountPieces, DayPiece, HourPiece, Piece, UserPieces } from '@tidemark/database';
import { HOUR_MS, QUARTER_MS } from '../calendar/days.ts';
import type { TenantCalendar } from '../calendar/tenant-calendar.ts';

/** Shorter stretches are not searched for whole days: a shorter day would be answered from finer levels. */
const SHORTEST_DAY_MS = 20 * HOUR_MS;

/** Cuts buckets into pieces for the count tables, the coarsest first; what is finer comes from the raw rows. */
export function planCountPieces(
  edges: readonly number[],
  calendar: TenantCalendar,
): { [level in keyof CountPieces]: CountPieces[level][number][] } {
  const day: DayPiece[] = [];
  const quarter: Piece[] = [];
  const raw: Piece[] = [];
  for (const bucket of bucketsOf(edges)) {
    for (const part of takeDays(bucket, calendar, day)) {
      raw.push(...takeAligned(part, QUARTER_MS, quarter));
    }
  }
  return { day, quarter, raw };
}

/** Cuts buckets into pieces for the user sets; what no set meets comes from the raw rows. */
export function planUserPieces(
  edges: readonly number[],
  calendar: TenantCalendar,
): { [level in keyof UserPieces]: UserPieces[level][number][] } {
  const day: DayPiece[] = [];
  const hour: HourPiece[] = [];
  const raw: Piece[] = [];
  for (const bucket of bucketsOf(edges)) {
    for (const part of takeDays(bucket, calendar, day)) {
      for (const { setMs, ...cut } of calendar.cutBySets(part.from, part.to)) {
        const taken: Piece[] = [];
        raw.push(...takeAligned({ bucket: part.bucket, ...cut }, setMs, taken));
        for (const piece of taken) hour.push({ ...piece, setMs });
      }
    }
  }
  return { day, hour, raw };
}

function* bucketsOf(edges: readonly number[]): Generator<Piece> {
  for (const [bucket, from] of edges.entries()) {
    const to = edges[bucket + 1];
    if (to !== undefined) yield { bucket, from, to };
  }
}

/** Moves the whole days of a piece to `taken`; returns what is left of it on either side. */
function takeDays(piece: Piece, calendar: TenantCalendar, taken: DayPiece[]): Piece[] {
  const { bucket, from, to } = piece;
  const whole = to - from < SHORTEST_DAY_MS ? undefined : calendar.wholeDaysIn(from, to);
  if (whole === undefined) return [piece];
  taken.push({ bucket, ...whole });
  return notEmpty([
    { bucket, from, to: whole.from },
    { bucket, from: whole.to, to },
  ]);
}

/** Moves the part between multiples of `stepMs` to `taken`; returns what is left on either side. */
function takeAligned(piece: Piece, stepMs: number, taken: Piece[]): Piece[] {
  const { bucket, from, to } = piece;
  const first = Math.ceil(from / stepMs) * stepMs;
  const last = Math.floor(to / stepMs) * stepMs;
  if (first >= last) return [piece];
  taken.push({ bucket, from: first, to: last });
  return notEmpty([
    { bucket, from, to: first },
    { bucket, from: last, to },
  ]);
}

function notEmpty(pieces: readonly Piece[]): Piece[] {
  return pieces.filter(({ from, to }) => from < to);
}
