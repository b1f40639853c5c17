import { GROUP_BYS, type GroupBy, INTERVALS, type IntervalChoice, type SummaryInput } from '@tidemark/schemas';
import { Option } from 'commander';
import { defineCommand } from '../define-command.ts';
import { formatOptions, note, print, printJson } from '../output/print.ts';
import { toCsv } from '../output/to-csv.ts';
import { toProvenance } from '../output/to-provenance.ts';
import { toSummarySparklines, toSummaryTable, toSummaryText } from '../output/to-summary.ts';
import {
  type FilterFlags,
  filterOptions,
  type RangeFlags,
  rangeOptions,
  toFilters,
  toRange,
} from '../question-options.ts';

export type SummaryFlags = RangeFlags &
  FilterFlags & {
    readonly interval: IntervalChoice;
    readonly groupBy?: GroupBy;
    readonly compare?: true;
    readonly timeZone?: string;
  };

/** What `analytics.summary` and its watch are asked. */
export function summaryOptions(): Option[] {
  return [
    ...rangeOptions(),
    ...filterOptions(),
    new Option('--interval <interval>', 'how long a bucket is').choices(['auto', ...INTERVALS]).default('auto'),
    new Option('--group-by <dimension>', 'count each value by itself as well').choices(GROUP_BYS),
    new Option('--compare', 'with the time before'),
    new Option('--time-zone <zone>', "whose calendar to go by; the tenant's own unless told otherwise"),
  ];
}

export function toSummaryInput(flags: SummaryFlags): SummaryInput {
  const { interval, groupBy, compare, timeZone } = flags;
  return {
    ...toRange(flags),
    ...toFilters(flags),
    interval,
    ...(groupBy !== undefined && { groupBy }),
    ...(compare === true && { compare: 'previous' }),
    ...(timeZone !== undefined && { timeZone }),
  };
}

type Flags = SummaryFlags & { readonly format: 'table' | 'json' | 'csv' | 'sparkline' };

export const querySummaryCommand = defineCommand<Flags>({
  name: 'summary',
  description: 'Counts events and unique users over time.',
  role: 'viewer',
  options: [...summaryOptions(), ...formatOptions(['table', 'json', 'csv', 'sparkline'])],
  examples: [
    'query summary --tenant acme --range 7d',
    'query summary --range 24h --type signup purchase --compare --format sparkline',
    'query summary --from 2026-11-01T00:00:00Z --to 2026-12-01T00:00:00Z --interval day --format csv > november.csv',
    'query summary --where plan=pro --json | jq .totals',
  ],
  async run({ flags, tidemark }) {
    const summary = await tidemark.analytics.summary.query(toSummaryInput(flags));
    if (flags.format === 'json') printJson(summary);
    else if (flags.format === 'csv') print(toCsv(toSummaryTable(summary)));
    else print(flags.format === 'table' ? toSummaryText(summary) : toSummarySparklines(summary));
    if (flags.format === 'csv') note(toProvenance(summary.meta));
    if (flags.compare === true && summary.previous === undefined) {
      note('the time before is left out: its events are no longer kept');
    }
  },
});
