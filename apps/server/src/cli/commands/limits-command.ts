import { LIMIT_CLASSES, type LimitClass, type Limits, type LimitsInput } from '@tidemark/schemas';
import { Argument } from 'commander';
import { CliError, EXIT } from '../cli-error.ts';
import { defineCommand, defineGroup } from '../define-command.ts';
import { formatSeconds } from '../format-figures.ts';
import { formatOptions, type ListFormat, printList } from '../output/print.ts';
import type { Table } from '../output/table.ts';

type Flags = { readonly format: ListFormat };
const FORMATS = formatOptions(['table', 'json', 'csv']);

const getCommand = defineCommand<Flags>({
  name: 'get',
  description: 'Shows what a tenant may call, and how much of it is used.',
  role: 'admin',
  options: FORMATS,
  examples: ['limits get --tenant acme'],
  async run({ flags, tidemark }) {
    const limits = await tidemark.admin.limits.get.query();
    printList(flags.format, limits, toLimitTable(limits));
  },
});

const setCommand = defineCommand<Flags>({
  name: 'set',
  description: 'Gives a tenant budgets of its own. Takes a platform key.',
  role: 'platform',
  arguments: [new Argument('<class=calls...>', `one of ${LIMIT_CLASSES.join(', ')}; =default takes it back`)],
  options: FORMATS,
  examples: [
    'limits set analytics=500 --tenant acme --key "$PLATFORM_KEY"',
    'limits set analytics=default --tenant acme',
  ],
  async run({ args, flags, tidemark }) {
    const limits = await tidemark.admin.limits.set.mutate(toLimitsInput(args));
    printList(flags.format, limits, toLimitTable(limits));
  },
});

export const limitsCommand = defineGroup({
  name: 'limits',
  description: "A tenant's rate limits: get, set.",
  commands: [getCommand, setCommand],
  examples: ['limits get --tenant acme', 'limits set analytics=500 --tenant acme'],
});

function toLimitsInput(pairs: readonly string[]): LimitsInput {
  return Object.fromEntries(
    pairs.map((pair): [LimitClass, number | null] => {
      const [name, budget = ''] = pair.split('=');
      const known = LIMIT_CLASSES.find((one) => one === name);
      if (known !== undefined && (budget === 'default' || /^[1-9]\d*$/.test(budget))) {
        return [known, budget === 'default' ? null : Number(budget)];
      }
      throw new CliError(
        `"${pair}" must look like analytics=500 or analytics=default; classes: ${LIMIT_CLASSES.join(', ')}.`,
        {
          exitCode: EXIT.usage,
        },
      );
    }),
  );
}

function toLimitTable({ classes }: Limits): Table {
  const rows = LIMIT_CLASSES.map((name) => {
    const { windowMs, isOverridden, key, tenant } = classes[name];
    const window = formatSeconds(windowMs / 1_000);
    return [
      name,
      key?.budget ?? null,
      key?.used ?? null,
      tenant.budget,
      tenant.used,
      window,
      isOverridden ? 'own' : '',
    ];
  });
  return { columns: ['class', 'key may', 'key used', 'tenant may', 'tenant used', 'in', 'budget'], rows };
}
