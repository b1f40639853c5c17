import type { Breakdown, Event, Summary } from '@tidemark/schemas';
import { toBlockColumns } from '../figures/block-columns.ts';
import { fitSeries } from '../figures/fit-series.ts';
import { toTopGroups } from '../figures/top-groups.ts';
import { formatChange } from '../format/format-change.ts';
import { formatCount, formatShare } from '../format/format-number.ts';
import { toKeyName } from '../format/to-key-name.ts';
import { toPrintable } from '../format/to-printable.ts';
import { toProvenance } from '../format/to-provenance.ts';
import { toSystemLines } from '../system/to-system-lines.ts';
import type { Snapshot } from './take-snapshot.ts';

const CHART_WIDTH = 60;
const TYPES = 10;

/** A snapshot for logs and pipes: no colours, no cursor, one page. */
export function toPlainText(snapshot: Snapshot, now: number): string {
  const { tenant, range } = snapshot;
  const title = `${toPrintable(tenant.slug)} · last ${range} · ${tenant.timeZone}`;
  return [title, ...toLines(snapshot, now)].map((line) => line.trimEnd()).join('\n');
}

function toLines(snapshot: Snapshot, now: number): string[] {
  switch (snapshot.view) {
    case 'overview':
      return toOverviewLines(snapshot.summary);
    case 'events':
      return snapshot.events.map((event) => toEventLine(event));
    case 'breakdown':
      return toBreakdownLines(snapshot.breakdown);
    case 'system':
      return toSystemLines(snapshot.health, now).map(
        ({ name, text }) => `${name.padEnd(NAME_WIDTH)}${toPrintable(text)}`,
      );
  }
}

const NAME_WIDTH = 24;

function toEventLine({ occurredAt, type, userId, device, properties }: Event): string {
  return toPrintable([occurredAt, type, userId ?? '–', device ?? '–', JSON.stringify(properties)].join('  '));
}

function toBreakdownLines({ rows, other, meta }: Breakdown): string[] {
  const all = [...rows, ...(other.keys === 0 ? [] : [{ ...other, key: `${other.keys} others`, share: undefined }])];
  const lines = all.map(({ key, events, users, share }) =>
    [
      toPrintable(toKeyName(key)).padEnd(NAME_WIDTH),
      formatCount(events).padStart(13),
      (share === undefined ? '' : formatShare(share, 1)).padStart(7),
      `${formatCount(users)} users`.padStart(18),
    ].join(''),
  );
  return [...(lines.length === 0 ? ['No events.'] : lines), toProvenance(meta)];
}

function toOverviewLines(summary: Summary): string[] {
  const { totals, previous, series, meta } = summary;
  const fitted = fitSeries(series, meta.asOf, CHART_WIDTH);
  const before = previous?.totals;
  const types = toTopGroups(summary, TYPES).map(({ name, events, before: then }) =>
    [
      `  ${toPrintable(name).padEnd(NAME_WIDTH)}`,
      formatCount(events).padStart(13),
      formatShare(events, totals.events).padStart(7),
      formatChange(events, then).text.padStart(9),
    ].join(''),
  );
  return [
    `Events         ${withChange(totals.events, before?.events)}`,
    `Unique users   ${withChange(totals.users, before?.users)}`,
    `Per ${meta.interval.padEnd(10)} ${toBlockColumns(fitted.columns, 1)[0]} peak ${formatCount(fitted.peak)}`,
    ...(types.length === 0 ? ['No events.'] : ['Top types', ...types]),
    toProvenance(meta),
  ];
}

function withChange(now: number, before: number | undefined): string {
  const { text } = formatChange(now, before);
  return before === undefined ? formatCount(now) : `${formatCount(now)}  ${text}  (${formatCount(before)} before)`;
}
