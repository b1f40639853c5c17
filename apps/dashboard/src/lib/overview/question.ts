import { parseDate, toZoned } from '@internationalized/date';
import type { BreakdownBy, BreakdownInput, LastRange, SummaryInput } from '@tidemark/schemas';
import { toFilters } from '../filters/condition.ts';
import { type Ask, type CustomRange, isDay, toOther, type ViewRange } from './view.ts';

/** The question that a view asks; the same one is asked and watched. */
export function toQuestion(ask: Ask, tenantTimeZone: string): SummaryInput {
  const { range, interval, timeZone, groupBy, compare, conditions } = ask;
  return {
    ...toRange(range, timeZone ?? tenantTimeZone),
    ...toFilters(conditions),
    interval,
    groupBy,
    timeZone,
    compare: compare ? 'previous' : undefined,
  };
}

/** The same events by the dimension that the chart is not stacked by; nothing of it is compared. */
export function toOtherQuestion(ask: Ask, tenantTimeZone: string): SummaryInput {
  return toQuestion({ ...ask, groupBy: toOther(ask.groupBy), compare: false }, tenantTimeZone);
}

/** A panel shows as many; the rest is counted below them. */
const BREAKDOWN_ROWS = 8;

/** The same events told apart in another way. */
export function toBreakdownQuestion(ask: Ask, by: BreakdownBy, tenantTimeZone: string): BreakdownInput {
  const { range, timeZone, conditions } = ask;
  return {
    ...toRange(range, timeZone ?? tenantTimeZone),
    ...toFilters(conditions),
    by,
    timeZone,
    limit: BREAKDOWN_ROWS,
  };
}

type Asked = { last: LastRange } | { from: string; to: string };

/** A range as the API is asked for it. */
export function toRange(range: ViewRange, timeZone: string): Asked {
  return typeof range === 'string' ? { last: range } : toInstants(range, timeZone);
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
