import type { Interval } from '@tidemark/schemas';
import { formatIn } from './zoned.ts';

type Span = { readonly start: string; readonly end: string };

const DATE = { weekday: 'short', day: 'numeric', month: 'short' } as const;
const TIME = { hour: '2-digit', minute: '2-digit' } as const;

/** The whole name of a bucket as people of the zone would say it: "Sat, Nov 22, 14:00 to 15:00". */
export function toBucketLabel({ start, end }: Span, interval: Interval, timeZone: string): string {
  const from = Date.parse(start);
  const date = formatIn(timeZone, DATE);
  const time = formatIn(timeZone, TIME);
  switch (interval) {
    case 'minute':
      return `${date.format(from)}, ${time.format(from)}${toOffsetNote(from, timeZone)}`;
    case 'hour':
      return `${date.format(from)}, ${time.format(from)} to ${time.format(Date.parse(end))}${toOffsetNote(from, timeZone)}`;
    case 'day':
      return date.format(from);
    case 'week':
      return formatSpan({ start, end }, timeZone);
    case 'month':
      return formatIn(timeZone, { month: 'long', year: 'numeric' }).format(from);
  }
}

const HOUR_MS = 3_600_000;

/** When the clocks go back an hour comes twice: its offset tells which of the two is meant. */
function toOffsetNote(from: number, timeZone: string): string {
  const time = formatIn(timeZone, TIME);
  const isTwice = [from - HOUR_MS, from + HOUR_MS].some((other) => time.format(other) === time.format(from));
  if (!isTwice) return '';
  const parts = formatIn(timeZone, { timeZoneName: 'shortOffset' }).formatToParts(from);
  return ` (${parts.find(({ type }) => type === 'timeZoneName')?.value})`;
}

/** Days from first to last, both included: "Nov 16 – 22, 2026". */
export function formatSpan({ start, end }: Span, timeZone: string): string {
  const days = formatIn(timeZone, { day: 'numeric', month: 'short', year: 'numeric' });
  return toWhole(days.formatRange(Date.parse(start), Math.max(Date.parse(start), Date.parse(end) - 1)));
}

/** A range as precisely as its length asks for: hours and minutes only where days would say too little. */
export function formatRange({ start, end }: Span, timeZone: string): string {
  const from = Date.parse(start);
  const to = Date.parse(end);
  if (to - from > 3 * 86_400_000) return formatSpan({ start, end }, timeZone);
  return toWhole(formatIn(timeZone, { day: 'numeric', month: 'short', ...TIME }).formatRange(from, to));
}

/** A line may end at the dash, and not within a date. */
const toWhole = (range: string): string => range.replaceAll(/\s/g, '\u00a0').replace('–\u00a0', '– ');

/** A moment to the minute: "Nov 22, 2026, 14:03" */
export function formatMinute(instant: string, timeZone: string): string {
  return formatIn(timeZone, { day: 'numeric', month: 'short', year: 'numeric', ...TIME }).format(Date.parse(instant));
}

/** A moment with its seconds: "14:03:22" */
export function formatClock(epochMs: number, timeZone: string): string {
  return formatIn(timeZone, { ...TIME, second: '2-digit' }).format(epochMs);
}

/** A moment in full: "Nov 22, 2026, 14:03:22" */
export function formatMoment(instant: string, timeZone: string): string {
  const full = { day: 'numeric', month: 'short', year: 'numeric', ...TIME, second: '2-digit' } as const;
  return formatIn(timeZone, full).format(Date.parse(instant));
}
