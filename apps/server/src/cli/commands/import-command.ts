import { stat } from 'node:fs/promises';
import { createTidemark } from '@tidemark/client';
import { MAX_EVENTS_PER_BATCH } from '@tidemark/schemas';
import type { Command } from 'commander';
import { Option } from 'commander';
import type { Ingest } from '../../import/batch-sender.ts';
import type { ImportFormat } from '../../import/import-format.ts';
import { findFormat, IMPORT_FORMATS } from '../../import/import-format.ts';
import { ImportTally } from '../../import/import-tally.ts';
import type { ImportInput } from '../../import/run-import.ts';
import { runImport } from '../../import/run-import.ts';
import { CliError, EXIT } from '../cli-error.ts';
import { IMPORT_HELP } from '../import-help.ts';
import { showProgress } from '../import-progress.ts';
import { formatImportReport, toImportExitCode, toImportReport } from '../import-report.ts';
import { resolveTarget } from '../resolve-target.ts';
import { toWhole } from '../to-whole.ts';

type ImportFlags = {
  format?: ImportFormat;
  tenant?: string;
  createTenant?: boolean;
  url?: string;
  key?: string;
  batchSize: number;
  concurrency: number;
  limitRate?: number;
  patience: number;
  dryRun?: boolean;
  json?: boolean;
};

/** After Ctrl-C, how long requests under way may still bring their receipts. */
const GRACE_MS = 2_000;

export function addImportCommand(program: Command): void {
  program
    .command('import')
    .description('Imports web server logs, or events as NDJSON or CSV, from files or standard input.')
    .argument('<files...>', 'files, plain or gzipped; - is standard input')
    .addOption(new Option('--format <format>', 'how to read them; by default from the name').choices(IMPORT_FORMATS))
    .option('--tenant <slug>', "the tenant; its key comes from the local server's credentials")
    .option('--create-tenant', 'create the tenant if there is none of that name')
    .option('--url <url>', 'the server (else TIDEMARK_URL, else the local one)')
    .option('--key <key>', 'a key that may write events (else TIDEMARK_KEY)')
    .option('--concurrency <requests>', 'requests at a time', toWhole(1, 64), 4)
    .option('--batch-size <events>', 'events per request', toWhole(1, MAX_EVENTS_PER_BATCH), MAX_EVENTS_PER_BATCH)
    .option('--limit-rate <events>', 'at most so many events per second', toWhole(1, 10_000_000))
    .option(
      '--patience <seconds>',
      'how long to try a request that fails for load or connection',
      toWhole(0, 86_400),
      300,
    )
    .option('--dry-run', 'read and report, but send nothing')
    .option('--json', 'print the report as JSON')
    .addHelpText('after', IMPORT_HELP)
    .action(importFiles);
}

async function importFiles(paths: string[], flags: ImportFlags): Promise<void> {
  const inputs = toInputs(paths, flags.format);
  const totalBytes = await measureInputs(inputs);
  const target = flags.dryRun === true ? undefined : await resolveTarget(flags, 'ingest');
  const tally = new ImportTally();
  const interrupt = new AbortController();
  const cut = new AbortController();
  // Once: a second Ctrl-C ends the process at once, as everywhere.
  process.once('SIGINT', () => {
    interrupt.abort();
    setTimeout(() => cut.abort(), GRACE_MS).unref();
  });

  const startedAt = performance.now();
  using progress = showProgress({ out: process.stderr, tally, totalBytes });
  const outcome = await runImport({
    inputs,
    tally,
    ingest: target && toIngest(target, cut.signal),
    batchSize: flags.batchSize,
    concurrency: flags.concurrency,
    eventsPerSecond: flags.limitRate,
    patienceMs: flags.patience * 1_000,
    signal: interrupt.signal,
  });
  progress[Symbol.dispose]();
  const seconds = (performance.now() - startedAt) / 1_000;
  const report = toImportReport(tally, { outcome, seconds, dryRun: flags.dryRun === true });
  process.stdout.write(flags.json === true ? `${JSON.stringify(report, null, 2)}\n` : formatImportReport(report));
  process.exitCode = toImportExitCode(report);
}

/** One attempt per call: the import has its own patience, which knows when the user wants to stop. */
function toIngest(target: { url: string; key?: string | undefined }, signal: AbortSignal): Ingest {
  const { events } = createTidemark({ ...target, retries: 0 });
  return (batch) => events.ingest.mutate({ events: batch }, { signal });
}

function toInputs(paths: readonly string[], format: ImportFormat | undefined): ImportInput[] {
  const repeated = paths.find((path, index) => paths.indexOf(path) !== index);
  if (repeated !== undefined) {
    throw new CliError(`${repeated} is named twice; its lines would count as distinct requests.`, {
      exitCode: EXIT.usage,
    });
  }
  return paths.map((path) => {
    const chosen = format ?? findFormat(path);
    if (chosen !== undefined) return { path, format: chosen };
    const name = path === '-' ? 'standard input' : path;
    throw new CliError(`cannot tell the format of ${name} from a name: add --format combined, ndjson or csv.`, {
      exitCode: EXIT.usage,
    });
  });
}

/** Makes sure of every file before the first event is sent; the sum of their sizes, if all have one. */
async function measureInputs(inputs: readonly ImportInput[]): Promise<number | undefined> {
  let total = 0;
  for (const { path } of inputs) {
    if (path === '-') return undefined;
    const stats = await stat(path).catch((cause: NodeJS.ErrnoException) => {
      throw new CliError(cause.code === 'ENOENT' ? `there is no file ${path}` : cause.message, { cause });
    });
    if (stats.isDirectory()) throw new CliError(`${path} is a folder: name the files in it, for example ${path}/*.log`);
    total += stats.size;
  }
  return total;
}
