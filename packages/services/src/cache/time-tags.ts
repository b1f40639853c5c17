import { DAY_MS } from '../calendar/days.ts';
import type { EpochRange } from '../calendar/resolve-range.ts';

/** On which every answer of a tenant depends: renewed where anything may have changed, or nothing may be shown again. */
export const ROOT_TAG = 'root';

/**
 * What an answer about these ranges depends on: the root, and the fewest UTC years, months and days that
 * cover them. A late event renews its day and what holds it, so it reaches exactly the answers about its day.
 */
export function toDependencies(ranges: readonly EpochRange[]): string[] {
  return [ROOT_TAG, ...new Set(ranges.flatMap((range) => [...coverOf(range)]))];
}

/** What a commit renews: the days it touched with their months and years. */
export function toRenewals(days: readonly string[]): string[] {
  return [...new Set(days.flatMap((day) => [`y:${day.slice(0, 4)}`, `m:${day.slice(0, 7)}`, `d:${day}`]))];
}

function* coverOf({ from, to }: EpochRange): Generator<string> {
  let at = Math.floor(from / DAY_MS) * DAY_MS;
  const end = Math.ceil(to / DAY_MS) * DAY_MS;
  while (at < end) {
    const date = new Date(at);
    const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
    const name = date.toISOString().slice(0, 10);
    const nextYear = Date.UTC(year + 1, 0);
    const nextMonth = Date.UTC(year, month + 1);
    if (month === 0 && day === 1 && nextYear <= end) {
      yield `y:${name.slice(0, 4)}`;
      at = nextYear;
    } else if (day === 1 && nextMonth <= end) {
      yield `m:${name.slice(0, 7)}`;
      at = nextMonth;
    } else {
      yield `d:${name}`;
      at += DAY_MS;
    }
  }
}
