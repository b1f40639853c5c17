import type { Summary } from '@tidemark/schemas';
import { Option } from 'commander';
import { defineCommand } from '../define-command.ts';
import { formatOptions, print, printNdjson, type TextFormat } from '../output/print.ts';
import { toTotals } from '../output/to-summary.ts';
import { readStream } from '../stream.ts';
import { toWhole } from '../to-whole.ts';
import { type SummaryFlags, summaryOptions, toSummaryInput } from './query-summary-command.ts';

type Flags = SummaryFlags & { readonly count?: number; readonly format: TextFormat };

export const watchCommand = defineCommand<Flags>({
  name: 'watch',
  description: 'Asks as query summary does, and prints the answer again whenever it changes, until Ctrl-C.',
  role: 'viewer',
  options: [
    ...summaryOptions(),
    new Option('--count <answers>', 'end after so many').argParser(toWhole(1, 1_000_000_000)),
    ...formatOptions(['text', 'json']),
  ],
  examples: [
    'watch --tenant acme --range 1h',
    'watch --type signup --compare',
    'watch --range 15m --json | jq .totals',
  ],
  async run({ flags, tidemark }) {
    const { count = Number.POSITIVE_INFINITY, format } = flags;
    let seen = 0;
    await readStream<{ data: Summary }>(
      (callbacks) => tidemark.analytics.watch.subscribe(toSummaryInput(flags), callbacks),
      ({ data }) => {
        if (format === 'json') printNdjson(data);
        else print(`${data.meta.asOf}  ${toTotals(data)}${data.meta.exact ? '' : '  NOT EXACT'}\n`);
        seen += 1;
        return seen >= count;
      },
    );
  },
});
