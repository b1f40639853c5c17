import type { Interval } from '@tidemark/schemas';
import { formatIn, toWallTime, type WallTime } from '../format/zoned.ts';

export type Tick = { readonly index: number; readonly label: string };
type Candidate = { readonly index: number; readonly start: string; readonly wall: WallTime };
type Rule = (candidate: Candidate) => boolean;

const isHour: Rule = ({ wall }) => wall.minute === 0;
const everyHours =
  (hours: number): Rule =>
  (candidate) =>
    isHour(candidate) && candidate.wall.hour % hours === 0;
const everyMinutes =
  (minutes: number): Rule =>
  ({ wall }) =>
    wall.minute % minutes === 0;
const everyNth =
  (n: number): Rule =>
  ({ index }) =>
    index % n === 0;
const isMidnight: Rule = ({ wall }) => wall.hour === 0 && wall.minute === 0;
const isMonday: Rule = (candidate) => isMidnight(candidate) && candidate.wall.weekday === 0;
const everyMonths =
  (months: number): Rule =>
  ({ wall }) =>
    wall.day === 1 && (wall.month - 1) % months === 0;

const HOURS = [2, 3, 6, 12].map(everyHours);
const DAYS: Rule[] = [isMidnight, (c) => isMidnight(c) && c.wall.day % 2 === 1, isMonday];

/** From fine to coarse: the boundaries that people read an axis by, on the zone's own clock. */
const RULES: Record<Interval, readonly Rule[]> = {
  minute: [...[1, 2, 5, 10, 15, 30].map(everyMinutes), isHour, ...HOURS, ...DAYS],
  hour: [isHour, ...HOURS, ...DAYS],
  day: [everyNth(1), everyNth(2), isMonday, everyMonths(1), everyMonths(3)],
  week: [everyNth(1), everyNth(2), everyNth(4), everyNth(8), everyNth(13), everyNth(26), everyNth(52)],
  month: [...[1, 2, 3, 6, 12].map(everyMonths), everyMonths(12)],
};

/** At most `most` labelled positions on the axis of a series, at boundaries of the zone's calendar. */
export function toAxisTicks(starts: readonly string[], interval: Interval, timeZone: string, most: number): Tick[] {
  const candidates = starts.map((start, index) => ({ index, start, wall: toWallTime(start, timeZone) }));
  const fitting = RULES[interval]
    .map((rule) => candidates.filter(rule))
    .find(({ length }) => length > 0 && length <= most);
  const chosen = fitting ?? candidates.filter(everyNth(Math.ceil(candidates.length / Math.max(1, most))));
  return chosen.map(({ index, start, wall }) => ({ index, label: toLabel(start, wall, interval, timeZone) }));
}

function toLabel(start: string, wall: WallTime, interval: Interval, timeZone: string): string {
  const at = Date.parse(start);
  if (interval === 'month') {
    return formatIn(timeZone, wall.month === 1 ? { year: 'numeric' } : { month: 'short' }).format(at);
  }
  const isDate = interval === 'day' || interval === 'week' || (wall.hour === 0 && wall.minute === 0);
  if (isDate) return formatIn(timeZone, { day: 'numeric', month: 'short' }).format(at);
  return formatIn(timeZone, { hour: '2-digit', minute: '2-digit' }).format(at);
}
