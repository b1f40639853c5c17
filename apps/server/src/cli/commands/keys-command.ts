import { type ApiKey, type CreatedKey, MAX_ROTATION_GRACE_MS, ROLE_SCOPES, type TenantRole } from '@tidemark/schemas';
import { Argument, Option } from 'commander';
import { defineCommand, defineGroup } from '../define-command.ts';
import { formatOptions, type ListFormat, note, print, printJson, printList, type TextFormat } from '../output/print.ts';
import type { Table } from '../output/table.ts';
import { toWhole } from '../to-whole.ts';

const ROLES = Object.keys(ROLE_SCOPES).filter((role): role is TenantRole => role !== 'platform');
const ID = new Argument('<id>', 'of the key, as keys list shows it');

const listCommand = defineCommand<{ readonly format: ListFormat }>({
  name: 'list',
  description: "Lists a tenant's keys, without their secrets.",
  role: 'admin',
  options: formatOptions(['table', 'json', 'csv']),
  examples: ['keys list --tenant acme', "keys list --json | jq '.[] | select(.revokedAt == null).name'"],
  async run({ flags, tidemark }) {
    const keys = await tidemark.admin.keys.list.query();
    printList(flags.format, keys, toKeyTable(keys));
  },
});

type CreateFlags = { readonly role: TenantRole; readonly expiresAt?: string; readonly format: TextFormat };

const createCommand = defineCommand<CreateFlags>({
  name: 'create',
  description: 'Makes a key and prints its secret, this once.',
  role: 'admin',
  arguments: [new Argument('<name>', 'what it is for')],
  options: [
    new Option('--role <role>', 'what it may').choices(ROLES).default('viewer'),
    new Option('--expires-at <instant>', 'when it ends; never unless told otherwise'),
    ...formatOptions(['text', 'json']),
  ],
  notes: 'The secret alone goes to standard output, so that it can be piped to where secrets are kept.',
  examples: [
    'keys create web --role ingest --tenant acme',
    'keys create ci --expires-at 2027-01-01T00:00:00Z > ci.key',
  ],
  async run({ args: [name = ''], flags, tidemark }) {
    const { role, expiresAt, format } = flags;
    printSecret(
      format,
      await tidemark.admin.keys.create.mutate({ name, role, ...(expiresAt !== undefined && { expiresAt }) }),
    );
  },
});

const rotateCommand = defineCommand<{ readonly grace: number; readonly format: TextFormat }>({
  name: 'rotate',
  description: 'Gives a key a new secret and prints it, this once.',
  role: 'admin',
  arguments: [ID],
  options: [
    new Option('--grace <seconds>', 'how long the secret before works on')
      .argParser(toWhole(0, MAX_ROTATION_GRACE_MS / 1_000))
      .default(0),
    ...formatOptions(['text', 'json']),
  ],
  examples: ['keys rotate 01a2… --tenant acme --grace 3600'],
  async run({ args: [id = ''], flags, tidemark }) {
    printSecret(flags.format, await tidemark.admin.keys.rotate.mutate({ id, graceMs: flags.grace * 1_000 }));
  },
});

const revokeCommand = defineCommand({
  name: 'revoke',
  description: 'Ends a key, at once and for good.',
  role: 'admin',
  arguments: [ID],
  examples: ['keys revoke 01a2… --tenant acme'],
  async run({ args: [id = ''], tidemark }) {
    const { name, revokedAt } = await tidemark.admin.keys.revoke.mutate({ id });
    note(`${name} is revoked since ${revokedAt}`);
  },
});

export const keysCommand = defineGroup({
  name: 'keys',
  description: "A tenant's API keys: list, create, rotate, revoke.",
  commands: [listCommand, createCommand, rotateCommand, revokeCommand],
  examples: ['keys list --tenant acme', 'keys create web --role ingest --tenant acme'],
});

function toKeyTable(keys: readonly ApiKey[]): Table {
  const columns = ['id', 'name', 'role', 'prefix', 'created', 'last used', 'ends'];
  const rows = keys.map(({ id, name, role, prefix, createdAt, lastUsedAt, revokedAt, expiresAt }) => {
    const end = revokedAt === null ? expiresAt : `revoked ${revokedAt}`;
    return [id, name, role, prefix, createdAt, lastUsedAt, end];
  });
  return { columns, rows };
}

function printSecret(format: TextFormat, key: CreatedKey): void {
  if (format === 'json') printJson(key);
  else {
    note(`${key.name} (${key.role}, ${key.id}): its secret is shown this once`);
    print(`${key.secret}\n`);
  }
}
