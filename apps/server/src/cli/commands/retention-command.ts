import type { Retention, RetentionInput } from '@tidemark/schemas';
import { Option } from 'commander';
import { CliError, EXIT } from '../cli-error.ts';
import { defineCommand, defineGroup } from '../define-command.ts';
import { formatThings } from '../format-figures.ts';
import { formatOptions, print, printJson, type TextFormat } from '../output/print.ts';
import { toTable } from '../output/to-table.ts';
import { toWhole } from '../to-whole.ts';

type Flags = { readonly format: TextFormat };
type SetFlags = Flags & { readonly raw: number; readonly rollups: number; readonly yes?: true };

const FORMATS = formatOptions(['text', 'json']);
/** Events lie at most twenty years back. */
const toCount = toWhole(1, 20 * 366);

const DAYS = [
  new Option('--raw <days>', 'for how long the events themselves are kept, or forever')
    .argParser(toDays)
    .makeOptionMandatory(),
  new Option('--rollups <days>', 'for how long they are counted, or forever; not shorter')
    .argParser(toDays)
    .makeOptionMandatory(),
];

const getCommand = defineCommand<Flags>({
  name: 'get',
  description: 'Shows for how long a tenant keeps what.',
  role: 'admin',
  options: FORMATS,
  examples: ['retention get --tenant acme'],
  async run({ flags, tidemark }) {
    printRetention(flags.format, await tidemark.admin.retention.get.query());
  },
});

const previewCommand = defineCommand<SetFlags>({
  name: 'preview',
  description: 'Says what a setting would delete, and deletes nothing.',
  role: 'admin',
  options: [...DAYS, ...FORMATS],
  examples: ['retention preview --raw 90 --rollups forever --tenant acme'],
  async run({ flags, tidemark }) {
    const preview = await tidemark.admin.retention.preview.query(toRetentionInput(flags));
    if (flags.format === 'json') return printJson(preview);
    const { raw, rollups } = preview;
    print(
      `events to delete: ${raw.events} of ${formatThings(raw.users, 'user')}, from before ${preview.rawFrom ?? 'nothing'}\n`,
    );
    print(
      `no longer counted: ${rollups.events} of ${formatThings(rollups.users, 'user')}, from before ${preview.rollupsFrom ?? 'nothing'}\n`,
    );
  },
});

const setCommand = defineCommand<SetFlags>({
  name: 'set',
  description: 'Sets for how long a tenant keeps what. What is deleted is gone for good.',
  role: 'admin',
  options: [...DAYS, new Option('--yes', 'delete what retention preview shows'), ...FORMATS],
  notes: 'Without --yes it ends with what would be deleted, unless that is nothing.',
  examples: [
    'retention set --raw 90 --rollups 730 --tenant acme --yes',
    'retention set --raw forever --rollups forever --tenant acme',
  ],
  async run({ flags, tidemark }) {
    const input = toRetentionInput(flags);
    const { raw, rollups } = await tidemark.admin.retention.preview.query(input);
    if (flags.yes !== true && raw.events + rollups.events > 0) {
      throw new CliError(`this deletes ${formatThings(raw.events, 'event')} for good: add --yes to do it.`);
    }
    printRetention(flags.format, await tidemark.admin.retention.set.mutate(input));
  },
});

export const retentionCommand = defineGroup({
  name: 'retention',
  description: 'For how long a tenant keeps what: get, preview, set.',
  commands: [getCommand, previewCommand, setCommand],
  examples: ['retention preview --raw 90 --rollups forever --tenant acme', 'retention get --tenant acme'],
});

/** Infinity is forever: an option cannot be null. */
function toDays(text: string): number {
  return text === 'forever' ? Number.POSITIVE_INFINITY : toCount(text);
}

function toRetentionInput({ raw, rollups }: SetFlags): RetentionInput {
  if (raw <= rollups) return { rawDays: toNullable(raw), rollupDays: toNullable(rollups) };
  throw new CliError('--rollups must not be shorter than --raw: rollups are made of raw events.', {
    exitCode: EXIT.usage,
  });
}

function toNullable(days: number): number | null {
  return Number.isFinite(days) ? days : null;
}

function printRetention(format: TextFormat, retention: Retention): void {
  if (format === 'json') printJson(retention);
  else print(toText(retention));
}

function toText({ rawDays, rollupDays, rawFrom, rollupsFrom, isTrimming }: Retention): string {
  const rows = [
    ['events', String(rawDays ?? 'forever'), rawFrom ?? 'the first'],
    ['rollups', String(rollupDays ?? 'forever'), rollupsFrom ?? 'the first'],
  ];
  const table = toTable({ columns: ['what', 'days', 'there is from'], rows });
  return isTrimming ? `${table}something is still being deleted\n` : table;
}
