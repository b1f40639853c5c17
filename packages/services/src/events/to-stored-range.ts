import type { RangeInput } from '@tidemark/schemas';
import { DAY_MS } from '../calendar/days.ts';
import { type EpochRange, resolveRange } from '../calendar/resolve-range.ts';

/** All times an event can have: 20 years back to a day ahead, with room for clocks. */
const BACK_MS = 21 * 366 * DAY_MS;
const AHEAD_MS = 2 * DAY_MS;

type NoRange = { readonly from?: undefined; readonly to?: undefined; readonly last?: undefined };

/** Whether a range is asked for, which is then to be answered whole. */
export function isRanged(input: RangeInput | NoRange): input is RangeInput {
  return input.last !== undefined || input.from !== undefined;
}

/** The range asked for at `now` (epoch ms), or all the time there can be events of. */
export function toStoredRange(input: RangeInput | NoRange, timeZone: string, now: number): EpochRange {
  if (!isRanged(input)) return { from: now - BACK_MS, to: now + AHEAD_MS };
  return resolveRange({ ...input, interval: 'minute' }, timeZone, now).range;
}
