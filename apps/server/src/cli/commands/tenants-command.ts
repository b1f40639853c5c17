import type { Tenant } from '@tidemark/schemas';
import { Argument, Option } from 'commander';
import { CliError } from '../cli-error.ts';
import { defineCommand, defineGroup } from '../define-command.ts';
import { formatOptions, type ListFormat, printList } from '../output/print.ts';
import type { Table } from '../output/table.ts';

type Flags = { readonly format: ListFormat };
const FORMATS = formatOptions(['table', 'json', 'csv']);
const SLUG = new Argument('<slug>', 'its short name, for example acme');
const ZONE = new Option('--time-zone <zone>', 'whose calendar its days follow, for example Europe/Berlin');

const listCommand = defineCommand<Flags>({
  name: 'list',
  description: 'Lists the tenants that the key may see.',
  role: 'platform',
  isForAll: true,
  options: FORMATS,
  examples: ['tenants list', 'tenants list --json | jq -r .[].slug'],
  async run({ flags, tidemark }) {
    const { tenants } = await tidemark.admin.sessions.current.query();
    printList(flags.format, tenants, toTenantTable(tenants));
  },
});

const createCommand = defineCommand<Flags & { readonly name?: string; readonly timeZone?: string }>({
  name: 'create',
  description: 'Makes a tenant.',
  role: 'platform',
  isForAll: true,
  arguments: [SLUG],
  options: [new Option('--name <name>', 'as people know it; the slug unless told otherwise'), ZONE, ...FORMATS],
  notes: 'UTC unless a zone is given. Its first key: tidemark keys create <name> --role admin --tenant <slug>',
  examples: ["tenants create acme --name 'Acme Shop' --time-zone Europe/Berlin"],
  async run({ args: [slug = ''], flags, tidemark }) {
    const { name = slug, timeZone = 'UTC' } = flags;
    const tenant = await tidemark.admin.tenants.create.mutate({ slug, name, timeZone });
    printList(flags.format, tenant, toTenantTable([tenant]));
  },
});

const updateCommand = defineCommand<Flags & { readonly name?: string; readonly timeZone?: string }>({
  name: 'update',
  description: "Changes a tenant's name or zone.",
  role: 'platform',
  isForAll: true,
  arguments: [SLUG],
  options: [new Option('--name <name>', 'as people know it'), ZONE, ...FORMATS],
  notes:
    'After a change of zone its days are made anew in the background; numbers stay right meanwhile, and get slower.',
  examples: ['tenants update acme --time-zone America/New_York'],
  async run({ args: [slug = ''], flags, tidemark }) {
    const { tenants } = await tidemark.admin.sessions.current.query();
    const found = tenants.find((tenant) => tenant.slug === slug);
    if (found === undefined) {
      throw new CliError(
        `there is no tenant "${slug}" (there are: ${tenants.map((tenant) => tenant.slug).join(', ')}).`,
      );
    }
    const { name, timeZone } = flags;
    const tenant = await tidemark.admin.tenants.update.mutate({
      id: found.id,
      ...(name !== undefined && { name }),
      ...(timeZone !== undefined && { timeZone }),
    });
    printList(flags.format, tenant, toTenantTable([tenant]));
  },
});

export const tenantsCommand = defineGroup({
  name: 'tenants',
  description: 'Tenants: list, create, update.',
  commands: [listCommand, createCommand, updateCommand],
  examples: ['tenants list', "tenants create acme --name 'Acme Shop' --time-zone Europe/Berlin"],
});

function toTenantTable(tenants: readonly Tenant[]): Table {
  const rows = tenants.map(({ slug, name, timeZone, createdAt, id }) => [slug, name, timeZone, createdAt, id]);
  return { columns: ['slug', 'name', 'zone', 'created', 'id'], rows };
}
