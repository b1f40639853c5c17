import { type FileHandle, open as openForWriting, rename, rm } from 'node:fs/promises';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { DEVICES, EXPORT_FORMATS, type ExportFormat, errorDataSchema } from '@tidemark/schemas';
import type { Command } from 'commander';
import { Option } from 'commander';
import { z } from 'zod';
import { CliError, EXIT } from '../cli-error.ts';
import { showExportProgress } from '../export-progress.ts';
import { resolveTarget, type Target } from '../resolve-target.ts';

type ExportFlags = {
  output: string;
  format?: ExportFormat;
  from?: string;
  to?: string;
  range?: string;
  type?: string[];
  device?: string[];
  user?: string;
  properties?: string;
  search?: string;
  tenant?: string;
  url?: string;
  key?: string;
};

const EXPORT_HELP = `
Writes events in the order of their time. A file gets its name once it is whole; until then it ends in .partial.
Importing an export into the tenant it came from adds nothing, and into a new one gives the same numbers.

Examples:
  tidemark export --tenant acme --output events.ndjson
  tidemark export --tenant acme --from 2026-11-01T00:00:00Z --to 2026-12-01T00:00:00Z --format csv | gzip > november.csv.gz
`;

export function addExportCommand(program: Command): void {
  program
    .command('export')
    .description("Exports a tenant's events as NDJSON or CSV, to a file or standard output.")
    .option('--output <file>', 'where to; - is standard output', '-')
    .addOption(
      new Option('--format <format>', "by default from the output's name, else ndjson").choices(EXPORT_FORMATS),
    )
    .option('--from <instant>', 'events from then on, for example 2026-11-01T00:00:00Z')
    .option('--to <instant>', 'events before then')
    .option('--last, --range <range>', 'the last 15m, 1h, 24h, 7d, 30d or 90d')
    .option('--type <types...>', 'events of these types')
    .addOption(new Option('--device <devices...>', 'events of these devices').choices([...DEVICES, 'null']))
    .option('--user <id>', 'events of this user')
    .option('--properties <json>', 'events with these properties, as JSON: [{"path":"plan","in":["pro"]}]')
    .option('--search <text>', 'events with this text in their type, user, session or properties')
    .option('--tenant <slug>', "the tenant; its key comes from the local server's credentials")
    .option('--url <url>', 'the server (else TIDEMARK_URL, else the local one)')
    .option('--key <key>', 'a key that may read events (else TIDEMARK_KEY)')
    .addHelpText('after', EXPORT_HELP)
    .action(exportEvents);
}

async function exportEvents(flags: ExportFlags): Promise<void> {
  const target = await resolveTarget(flags, 'viewer');
  const format = flags.format ?? EXPORT_FORMATS.find((one) => flags.output.endsWith(`.${one}`)) ?? 'ndjson';
  const path = `export/events.${format}?${toSearch(flags).toString()}`;
  if (flags.output === '-') return await write(await open(target, path), process.stdout);
  const partial = `${flags.output}.partial`;
  const file = await openFile(partial);
  try {
    await write(await open(target, path), file.createWriteStream());
    await rename(partial, flags.output);
  } catch (error) {
    await file.close();
    await rm(partial, { force: true });
    throw error;
  }
}

/** Before anything is asked for: whoever waited for an export must not learn only then that it has no place. */
async function openFile(path: string): Promise<FileHandle> {
  return await openForWriting(path, 'w').catch((cause: NodeJS.ErrnoException) => {
    const why = cause.code === 'ENOENT' ? 'its folder is not there' : cause.message;
    throw new CliError(`${path} cannot be written: ${why}.`, { cause });
  });
}

async function write(body: AsyncIterable<Uint8Array>, target: Writable): Promise<void> {
  using progress = showExportProgress(process.stderr);
  const source = Readable.from(progress.count(body), { objectMode: false });
  try {
    await pipeline(source, target, { end: target !== process.stdout });
  } catch (cause) {
    // A reader that has seen enough, like head.
    if (cause instanceof Error && 'code' in cause && cause.code === 'EPIPE') return;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CliError(`the export broke off, and what there is of it is not whole: ${reason}; run it again.`, {
      cause,
    });
  }
}

async function open({ url, key, tenantId }: Target, path: string): Promise<AsyncIterable<Uint8Array>> {
  const headers = {
    ...(key !== undefined && { authorization: `Bearer ${key}` }),
    ...(tenantId !== undefined && { 'x-tenant-id': tenantId }),
  };
  const response = await fetch(new URL(path, url.endsWith('/') ? url : `${url}/`), { headers }).catch((cause) => {
    throw new CliError(`there is no server at ${url}: start it, or name another with --url.`, { cause });
  });
  if (response.ok && response.body !== null) return response.body;
  const refusal = refusalSchema.safeParse(await response.json().catch(() => undefined));
  if (!refusal.success) throw new CliError(`${url} answered ${response.status}, which is no answer of Tidemark's.`);
  const { code, reason, evidence } = refusal.data.error.data;
  const nearest = nearestSchema.safeParse(evidence.nearest);
  const remedy = nearest.success ? `: run it with --from ${nearest.data.from} --to ${nearest.data.to}.` : '';
  throw new CliError(`${reason} (${code})${remedy}`, { exitCode: code === 'invalid_input' ? EXIT.usage : EXIT.failed });
}

const refusalSchema = z.object({ error: z.object({ data: errorDataSchema }) });
/** The range that a refusal names instead. */
const nearestSchema = z.object({ from: z.string(), to: z.string() });

function toSearch({ type = [], device = [], user, ...flags }: ExportFlags): URLSearchParams {
  const { from, to, range: last, properties, search } = flags;
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries({ from, to, last, userId: user, properties, search })) {
    if (value !== undefined) params.set(name, value);
  }
  for (const one of type) params.append('types', one);
  for (const one of device) params.append('devices', one);
  return params;
}
