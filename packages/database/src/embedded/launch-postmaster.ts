import { setTimeout as delay } from 'node:timers/promises';
import type { DataFolder } from './data-folder.ts';
import { EmbeddedPostgresError, USE_YOUR_OWN } from './embedded-postgres-error.ts';
import { findFreePort } from './free-port.ts';
import type { PostgresBinaries } from './postgres-binaries.ts';
import { findPostmaster, type Postmaster, removeStalePidFile } from './postmaster.ts';
import { runBinary } from './run-binary.ts';
import { followServerLog } from './server-log.ts';
import { writeServerSettings } from './server-settings.ts';

export type LaunchOptions = { readonly port: number | undefined; readonly durable: boolean };

/** Recovery after a crash replays at most about 1 GB of log (max_wal_size). */
const START_TIMEOUT_S = 120;

/** How long the backends of a killed postmaster may take to leave; its death wakes them. */
const ORPHANS_LEAVE_MS = 10_000;

/** Starts the server in a session of its own (pg_ctl does), so that Ctrl-C on ours does not reach it. The caller holds the start lock. */
export async function launchPostmaster(
  folder: DataFolder,
  binaries: PostgresBinaries,
  options: LaunchOptions,
): Promise<Postmaster> {
  await removeStalePidFile(folder.cluster);
  await writeServerSettings(folder.cluster, options.durable);
  const orphansDeadline = performance.now() + ORPHANS_LEAVE_MS;
  for (;;) {
    const log = await followServerLog(folder);
    const port = options.port ?? (await findFreePort());
    const { code, output } = await runBinary(binaries.pgCtl, startArguments(folder, port), folder.runUser);
    const postmaster = await findPostmaster(folder.cluster);
    if (code === 0 && postmaster !== undefined) return postmaster;
    const said = await log.readNew();
    const orphansLeave = said.includes('pre-existing shared memory block') && performance.now() < orphansDeadline;
    if (!orphansLeave) throw cannotStart(folder, port, said || output);
    await delay(100);
  }
}

function startArguments(folder: DataFolder, port: number): string[] {
  const wait = ['-w', '-t', String(START_TIMEOUT_S)];
  return ['start', '-D', folder.cluster, '-l', folder.startupLog, ...wait, '-o', `-p ${port}`];
}

function cannotStart(folder: DataFolder, port: number, said: string): EmbeddedPostgresError {
  const lines = said.trim().split('\n');
  const reason = said.includes('could not bind')
    ? `port ${port} is taken`
    : lines.find((line) => /FATAL|PANIC/.test(line));
  return new EmbeddedPostgresError(
    `The embedded PostgreSQL in ${folder.name} did not start (${reason ?? lines.at(-1)}): see its logs there, or ${USE_YOUR_OWN}`,
    { cause: said },
  );
}
