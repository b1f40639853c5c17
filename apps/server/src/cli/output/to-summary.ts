import type { Bucket, Group, Interval, Summary } from '@tidemark/schemas';
import { formatCount, formatThings } from '../format-figures.ts';
import type { Table } from './table.ts';
import { toChange } from './to-change.ts';
import { toPrintable } from './to-printable.ts';
import { toProvenance } from './to-provenance.ts';
import { toSparkline } from './to-sparkline.ts';
import { toTable } from './to-table.ts';

/** A record a bucket, or a bucket and group, with instants: for spreadsheets and programs. */
export function toSummaryTable({ series, totals }: Summary): Table {
  if (totals.groups === undefined) {
    const rows = series.map(({ start, end, events, users }) => [start, end, events, users]);
    return { columns: ['start', 'end', 'events', 'users'], rows };
  }
  const rows = series.flatMap(({ start, end, groups = [] }) =>
    groups.map(({ key, events, users }) => [start, end, key, events, users]),
  );
  return { columns: ['start', 'end', 'group', 'events', 'users'], rows };
}

/** For a person: buckets by the zone's calendar, then groups, totals and where they came from. */
export function toSummaryText(summary: Summary): string {
  const { series, totals, meta } = summary;
  const rows = series.map(({ start, events, users }) => [toLocal(start, meta), events, users]);
  const parts = [toTable({ columns: [meta.interval, 'events', 'users'], rows })];
  if (totals.groups !== undefined) parts.push(toTable(toGroupTable(summary)));
  return `${parts.join('\n')}\n${toTotals(summary)}\n${toProvenance(meta)}\n`;
}

/** The shape of each line in a line, its total and its largest bucket behind. */
export function toSummarySparklines(summary: Summary): string {
  const { series, totals, meta } = summary;
  const lines = (totals.groups ?? []).map((group) => {
    const values = series.map(({ groups = [] }) => groups.find((one) => isSame(one, group))?.events ?? 0);
    return `${toSparkline(values)}  ${toPrintable(toName(group))}: ${formatThings(group.events, 'event')}`;
  });
  const peak = Math.max(0, ...series.map(({ events }) => events));
  const all = `${toSparkline(series.map(({ events }) => events))}  ${toTotals(summary)}`;
  return `${[all, ...lines].join('\n')}\nat most ${formatCount(peak)} per ${meta.interval} · ${toProvenance(meta)}\n`;
}

function toGroupTable({ totals, previous }: Summary): Table {
  const rows = (totals.groups ?? []).map((group) => [
    toName(group),
    group.events,
    group.users,
    ...(previous === undefined ? [] : [toGroupChange(group, previous.totals.groups)]),
  ]);
  return { columns: ['group', 'events', 'users', ...(previous === undefined ? [] : ['change'])], rows };
}

/** Nothing where the earlier answer added the group up with others. */
function toGroupChange(group: Group, earlier: readonly Group[] | undefined): string {
  const before = earlier?.find((one) => isSame(one, group));
  if (group.isOther === true || (before === undefined && earlier?.some(({ isOther }) => isOther === true))) return '';
  return toChange(group.events, before?.events ?? 0);
}

export function toTotals({ totals, previous }: Summary): string {
  const { events, users } = totals;
  const counts = `${formatThings(events, 'event')} by ${formatThings(users, 'user')}`;
  if (previous === undefined) return counts;
  const before = previous.totals.events;
  return `${counts}, ${toChange(events, before)} (${formatThings(before, 'event')} before)`;
}

/** `2026-11-22 14:00`, as precise as the bucket. */
function toLocal(start: Bucket['start'], { timeZone, interval }: { timeZone: string; interval: Interval }): string {
  const local = Temporal.Instant.from(start).toZonedDateTimeISO(timeZone);
  const day = local.toPlainDate().toString();
  return interval === 'minute' || interval === 'hour' ? `${day} ${local.toPlainTime().toString().slice(0, 5)}` : day;
}

function toName({ key, isOther }: Group): string {
  return isOther === true ? '(others)' : (key ?? '(none)');
}

function isSame(a: Group, b: Group): boolean {
  return a.key === b.key && a.isOther === b.isOther;
}
