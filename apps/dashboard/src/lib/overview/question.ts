import { parseDate, toZoned } from '@internationalized/date';
import type { SummaryInput } from '@tidemark/schemas';
import { type Ask, type CustomRange, isDay } from './view.ts';

/** The question that a view asks; the same one is asked and watched. */
export function toQuestion(ask: Ask, tenantTimeZone: string): SummaryInput {
  const { range, interval, timeZone, groupBy, compare } = ask;
  return {
    ...(typeof range === 'string' ? { last: range } : toInstants(range, timeZone ?? tenantTimeZone)),
    interval,
    groupBy,
    timeZone,
    compare: compare ? 'previous' : undefined,
  };
}

/** Days become the zone's midnights, the last day whole, also where the clocks change. */
function toInstants({ from, to }: CustomRange, timeZone: string): { from: string; to: string } {
  return {
    from: isDay(from) ? toMidnight(from, 0, timeZone) : from,
    to: isDay(to) ? toMidnight(to, 1, timeZone) : to,
  };
}

function toMidnight(day: string, daysLater: number, timeZone: string): string {
  return toZoned(parseDate(day).add({ days: daysLater }), timeZone).toAbsoluteString();
}
