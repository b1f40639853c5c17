import type { Event } from '@tidemark/schemas';
import { Option } from 'commander';
import { defineCommand } from '../define-command.ts';
import { formatThings } from '../format-figures.ts';
import { formatOptions, note, print, printNdjson, type TextFormat } from '../output/print.ts';
import { toPrintable } from '../output/to-printable.ts';
import { type FilterFlags, filterOptions, toFilters } from '../question-options.ts';
import { readStream } from '../stream.ts';
import { toWhole } from '../to-whole.ts';

type Flags = FilterFlags & { readonly maxPerSecond: number; readonly count?: number; readonly format: TextFormat };

export const tailCommand = defineCommand<Flags>({
  name: 'tail',
  description: 'Prints events as they are stored, until Ctrl-C.',
  role: 'viewer',
  options: [
    ...filterOptions(),
    new Option('--max-per-second <events>', 'beyond that the server skips, and it is said')
      .argParser(toWhole(1, 10_000))
      .default(100),
    new Option('--count <events>', 'end after so many').argParser(toWhole(1, 1_000_000_000)),
    ...formatOptions(['text', 'json']),
  ],
  notes: 'A connection that breaks comes back by itself and goes on where it was: none is missed, none comes twice.',
  examples: [
    'tail --tenant acme',
    'tail --type signup --where plan=pro',
    'tail --json | jq -r .userId',
    'tail --count 1 --type deploy && echo deployed',
  ],
  async run({ flags, tidemark }) {
    const { count = Number.POSITIVE_INFINITY, maxPerSecond, format } = flags;
    let seen = 0;
    await readStream<{ data: { event: Event } | { skipped: number } }>(
      (callbacks) => tidemark.events.tail.subscribe({ ...toFilters(flags), maxPerSecond }, callbacks),
      ({ data }) => {
        if ('skipped' in data) {
          if (data.skipped > 0) note(`… ${formatThings(data.skipped, 'event')} more than ${maxPerSecond} a second`);
          return false;
        }
        if (format === 'json') printNdjson(data.event);
        else print(`${toLine(data.event)}\n`);
        seen += 1;
        return seen >= count;
      },
    );
  },
});

function toLine({ occurredAt, type, userId, device, properties }: Event): string {
  const json = JSON.stringify(properties);
  return toPrintable([occurredAt, type, userId ?? '–', device ?? '–', json === '{}' ? '' : json].join('  ').trimEnd());
}
