import { toBlockColumns } from '../figures/block-columns.ts';
import { fitSeries } from '../figures/fit-series.ts';
import { toTopGroups } from '../figures/top-groups.ts';
import { formatChange } from '../format/format-change.ts';
import { formatCount, formatShare } from '../format/format-number.ts';
import { toPrintable } from '../format/to-printable.ts';
import { toProvenance } from '../format/to-provenance.ts';
import type { Snapshot } from './take-snapshot.ts';

const CHART_WIDTH = 60;
const TYPES = 10;

/** A snapshot for logs and pipes: no colours, no cursor, one page. */
export function toPlainText({ tenant, range, summary }: Snapshot): string {
  const { totals, previous, series, meta } = summary;
  const fitted = fitSeries(series, meta.asOf, CHART_WIDTH);
  const before = previous?.totals;
  const types = toTopGroups(summary, TYPES).map(({ name, events, before: then }) =>
    [
      `  ${toPrintable(name).padEnd(24)}`,
      formatCount(events).padStart(13),
      formatShare(events, totals.events).padStart(7),
      formatChange(events, then).text.padStart(9),
    ].join(''),
  );
  return [
    `${toPrintable(tenant.slug)} · last ${range} · ${meta.timeZone}`,
    `Events         ${withChange(totals.events, before?.events)}`,
    `Unique users   ${withChange(totals.users, before?.users)}`,
    `Per ${meta.interval.padEnd(10)} ${toBlockColumns(fitted.columns, 1)[0]} peak ${formatCount(fitted.peak)}`,
    ...(types.length === 0 ? ['No events.'] : ['Top types', ...types]),
    toProvenance(meta),
  ]
    .map((line) => line.trimEnd())
    .join('\n');
}

function withChange(now: number, before: number | undefined): string {
  const { text } = formatChange(now, before);
  return before === undefined ? formatCount(now) : `${formatCount(now)}  ${text}  (${formatCount(before)} before)`;
}
