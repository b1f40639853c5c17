import type { GenerateMessage } from '@tidemark/schemas';
import { Option } from 'commander';
import { EXIT } from '../cli-error.ts';
import { defineCommand } from '../define-command.ts';
import { formatCount, formatSeconds, formatThings } from '../format-figures.ts';
import { formatOptions, print, printJson, type TextFormat } from '../output/print.ts';
import { endSeedProgress, showSeedProgress } from '../seed-progress.ts';
import { readStream } from '../stream.ts';
import { toWhole } from '../to-whole.ts';

type Flags = {
  readonly events: number;
  readonly days: number;
  readonly users?: number;
  readonly type?: string[];
  readonly seed?: string;
  readonly format: TextFormat;
};

const DAY_MS = 86_400_000;

export const seedCommand = defineCommand<Flags>({
  name: 'seed',
  description: 'Fills a tenant with made traffic, by way of ingest like any other.',
  role: 'admin',
  options: [
    new Option('--events <count>', 'how many').argParser(toWhole(1, 1_000_000)).default(10_000),
    new Option('--days <days>', 'over the last so many days, up to the hour').argParser(toWhole(1, 400)).default(30),
    new Option('--users <count>', 'of how many users').argParser(toWhole(1, 1_000_000)),
    new Option('--type <types...>', "of these types; a shop's eight unless told otherwise"),
    new Option('--seed <text>', 'the same seed in the same hour makes the same events, which are stored once'),
    ...formatOptions(['text', 'json']),
  ],
  examples: [
    'seed --tenant acme',
    'seed --tenant acme --events 500000 --users 20000 --days 90',
    'seed --tenant acme --seed demo',
  ],
  async run({ flags, tidemark }) {
    const { events: count, users, type, seed } = flags;
    // The hour's begin: a repeated seed then means the same range, and nothing lies ahead of the server's clock.
    const to = Math.floor(Date.now() / (DAY_MS / 24)) * (DAY_MS / 24);
    const input = {
      count,
      from: new Date(to - flags.days * DAY_MS).toISOString(),
      to: new Date(to).toISOString(),
      ...(users !== undefined && { users }),
      ...(type !== undefined && { types: type }),
      ...(seed !== undefined && { seed }),
    };
    await readStream<{ data: GenerateMessage }>(
      (callbacks) => tidemark.events.generate.subscribe(input, callbacks),
      ({ data }) => {
        if (!('report' in data)) {
          showSeedProgress(process.stderr, data);
          return false;
        }
        endSeedProgress(process.stderr);
        if (flags.format === 'json') printJson(data.report);
        else print(toText(data.report));
        if (data.report.rejected > 0) process.exitCode = EXIT.incomplete;
        return true;
      },
    );
  },
});

function toText(report: Extract<GenerateMessage, { report: unknown }>['report']): string {
  const { accepted, duplicate, rejected, reason, seed, tookMs } = report;
  const counts = `${formatThings(accepted, 'event')} stored, ${formatCount(duplicate)} there already, ${formatCount(rejected)} rejected`;
  const why = reason === null ? '' : ` (the first: ${reason.message})`;
  return `${counts}${why}, in ${formatSeconds(tookMs / 1_000)}; seed ${seed}\n`;
}
