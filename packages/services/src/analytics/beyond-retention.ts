import type { Horizons } from '@tidemark/database';
import { toInstant } from '@tidemark/schemas';
import { DAY_MS, HOUR_MS } from '../calendar/days.ts';
import type { EpochRange } from '../calendar/resolve-range.ts';
import { toInstants } from '../calendar/to-instants.ts';
import { TidemarkError } from '../tidemark-error.ts';

/** No five years are shorter, and no question may be about more. */
const LONGEST_MS = 5 * 365 * DAY_MS;

/** Refuses a range (epoch ms) that needs raw rows which are gone; `now` (epoch ms) is as far as another one goes. */
export function assertRawKept(range: EpochRange, horizons: Horizons, now: number): void {
  const { rawFrom } = horizons;
  if (rawFrom === null || range.from >= rawFrom) return;
  throw beyondRetention(range, horizons, toKeptPart(range, rawFrom, now));
}

/** What of a range lies behind a horizon; where nothing does, as long a range that begins there, up to this hour. */
export function toKeptPart({ from, to }: EpochRange, horizon: number | null, now: number): EpochRange {
  if (horizon === null || from >= horizon) return { from, to };
  if (to > horizon) return { from: horizon, to };
  const thisHour = Math.ceil(now / HOUR_MS) * HOUR_MS;
  return { from: horizon, to: Math.min(horizon + Math.min(to - from, LONGEST_MS), thisHour) };
}

/** The refusal of a range that is no longer kept, with the nearest that is answered. */
export function beyondRetention(
  range: EpochRange,
  { rawFrom, rollupsFrom }: Horizons,
  near: EpochRange,
): TidemarkError {
  const nearest = toInstants(near);
  const remedy = `ask for ${nearest.from} to ${nearest.to}`;
  return new TidemarkError('beyond_retention', `What this question needs is no longer kept so far back: ${remedy}.`, {
    field: 'from',
    range: toInstants(range),
    rawFrom: rawFrom === null ? null : toInstant(rawFrom),
    rollupsFrom: rollupsFrom === null ? null : toInstant(rollupsFrom),
    nearest,
  });
}
