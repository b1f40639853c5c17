import type { Horizons } from '@tidemark/database';
import { toInstant } from '@tidemark/schemas';
import { DAY_MS } from '../calendar/days.ts';
import type { EpochRange } from '../calendar/resolve-range.ts';
import { toInstants } from '../calendar/to-instants.ts';
import { TidemarkError } from '../tidemark-error.ts';

/** No five years are shorter, and no question may be about more. */
const LONGEST_MS = 5 * 365 * DAY_MS;

/** Refuses a range (epoch ms) that needs raw rows which are gone. */
export function assertRawKept(range: EpochRange, horizons: Horizons): void {
  const { rawFrom } = horizons;
  if (rawFrom === null || range.from >= rawFrom) return;
  throw beyondRetention(range, horizons, toKeptPart(range, rawFrom));
}

/** What of a range lies behind a horizon; where nothing does, as long a range that begins there. */
export function toKeptPart({ from, to }: EpochRange, horizon: number | null): EpochRange {
  if (horizon === null || from >= horizon) return { from, to };
  return { from: horizon, to: to > horizon ? to : horizon + Math.min(to - from, LONGEST_MS) };
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
