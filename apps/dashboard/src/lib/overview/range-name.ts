import { formatMinute, formatRange, formatSpan } from '../format/bucket-label.ts';
import { type CustomRange, isDay, LAST_NAMES, type ViewRange } from './view.ts';

const DAY_MS = 86_400_000;

/** A range as a person would say it: "the last 7 days", its days, its hours, or a day up to an hour. */
export function toRangeName(range: ViewRange, timeZone: string): string {
  if (typeof range === 'string') return `the ${LAST_NAMES[range]}`;
  const { from, to } = range;
  // Days are named as they are, in whichever zone: the last one is whole.
  if (isDay(from) && isDay(to)) {
    return formatSpan({ start: from, end: new Date(Date.parse(to) + DAY_MS).toISOString() }, 'UTC');
  }
  if (!isDay(from) && !isDay(to)) return formatRange({ start: from, end: to }, timeZone);
  return `${toEndName(from, timeZone)} – ${toEndName(to, timeZone)}`;
}

function toEndName(end: CustomRange['from'], timeZone: string): string {
  return isDay(end) ? formatSpan({ start: end, end }, 'UTC') : formatMinute(end, timeZone);
}
