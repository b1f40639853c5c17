import type { Breakdown, BreakdownBy } from '@tidemark/schemas';
import { Option } from 'commander';
import { defineCommand } from '../define-command.ts';
import { formatCount } from '../format-figures.ts';
import { formatOptions, note, print, printJson } from '../output/print.ts';
import type { Table } from '../output/table.ts';
import { toCsv } from '../output/to-csv.ts';
import { toProvenance } from '../output/to-provenance.ts';
import { toTable } from '../output/to-table.ts';
import {
  type FilterFlags,
  filterOptions,
  type RangeFlags,
  rangeOptions,
  toFilters,
  toRange,
} from '../question-options.ts';
import { toWhole } from '../to-whole.ts';

type Flags = RangeFlags &
  FilterFlags & { readonly by: BreakdownBy; readonly limit: number; readonly format: 'table' | 'json' | 'csv' };

export const queryBreakdownCommand = defineCommand<Flags>({
  name: 'breakdown',
  description: 'Ranks the values of a dimension by their events.',
  role: 'viewer',
  options: [
    new Option('--by <dimension>', 'type, device, user or property:<path>').default('type'),
    new Option('--limit <rows>', 'how many; the rest is added up').argParser(toWhole(1, 500)).default(20),
    ...rangeOptions(),
    ...filterOptions(),
    ...formatOptions(['table', 'json', 'csv']),
  ],
  examples: [
    'query breakdown --tenant acme --by device',
    'query breakdown --by property:plan --type signup --range 30d',
    'query breakdown --by user --limit 100 --format csv > users.csv',
  ],
  async run({ flags, tidemark }) {
    const { by, limit, format } = flags;
    const input = { ...toRange(flags), ...toFilters(flags), by, limit };
    const breakdown = await tidemark.analytics.breakdown.query(input);
    if (format === 'json') return printJson(breakdown);
    if (format === 'csv') print(toCsv(toBreakdownTable(breakdown, by, String)));
    else print(toTable(toBreakdownTable(breakdown, by, (share) => `${(100 * share).toFixed(1)} %`)));
    const { other, meta } = breakdown;
    if (other.keys > 0) {
      note(
        `${formatCount(other.keys)} more with ${formatCount(other.events)} events by ${formatCount(other.users)} users`,
      );
    }
    note(toProvenance(meta));
  },
});

function toBreakdownTable({ rows }: Breakdown, by: string, toShare: (share: number) => string): Table {
  const cells = rows.map(({ key, events, users, share }) => [key ?? '(none)', events, users, toShare(share)]);
  return { columns: [by, 'events', 'users', 'share'], rows: cells };
}
