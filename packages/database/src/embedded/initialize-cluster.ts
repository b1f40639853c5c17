import { randomBytes } from 'node:crypto';
import { appendFile, chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DataFolder } from './data-folder.ts';
import { EmbeddedPostgresError, USE_YOUR_OWN } from './embedded-postgres-error.ts';
import type { PostgresBinaries } from './postgres-binaries.ts';
import { runBinary } from './run-binary.ts';
import { INCLUDE_SETTINGS, writeServerSettings } from './server-settings.ts';

/** The owner of everything, and the name of the database. */
export const OWNER = 'tidemark';

/** Makes the cluster where there is none, and refuses one of another major version. The caller holds the start lock. */
export async function initializeCluster(
  folder: DataFolder,
  binaries: PostgresBinaries,
  durable: boolean,
): Promise<void> {
  const version = await readFile(join(folder.cluster, 'PG_VERSION'), 'utf8').catch(() => undefined);
  if (version === undefined) return createCluster(folder, binaries, durable);
  if (version.trim() === binaries.major) return;
  throw new EmbeddedPostgresError(
    `The data in ${folder.name} is of PostgreSQL ${version.trim()}, the embedded PostgreSQL is ${binaries.major}: ` +
      `move it away to start afresh, or run PostgreSQL ${version.trim()} on it and set DATABASE_URL`,
  );
}

/** Made beside its place and moved there when whole, so that an interrupted start leaves nothing half-made. */
async function createCluster(folder: DataFolder, binaries: PostgresBinaries, durable: boolean): Promise<void> {
  const half = `${folder.cluster}.half`;
  await rm(half, { recursive: true, force: true });
  await writePassword(folder);
  await mkdir(half, { mode: 0o700 });
  if (folder.runUser !== undefined) await chown(half, folder.runUser.uid, folder.runUser.gid);
  await run(folder, binaries.initdb, [
    `--pgdata=${half}`,
    `--username=${OWNER}`,
    `--pwfile=${folder.password}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // Sorted by code point like C, but upper and lower case beyond ASCII; the same on every system.
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--no-instructions',
    ...(durable ? [] : ['--no-sync']),
  ]);
  await writeServerSettings(half, durable);
  await appendFile(join(half, 'postgresql.conf'), `\n${INCLUDE_SETTINGS}\n`);
  const singleUser = ['--single', '-D', half, '-c', 'logging_collector=off', 'postgres'];
  await run(folder, binaries.postgres, singleUser, `CREATE DATABASE ${OWNER}\n`);
  await rename(half, folder.cluster);
}

async function writePassword(folder: DataFolder): Promise<void> {
  await rm(folder.password, { force: true });
  await writeFile(folder.password, randomBytes(24).toString('base64url'), { mode: 0o600 });
  if (folder.runUser !== undefined) await chown(folder.password, folder.runUser.uid, folder.runUser.gid);
}

async function run(folder: DataFolder, binary: string, args: readonly string[], input?: string): Promise<void> {
  const { code, output } = await runBinary(binary, args, folder.runUser, input);
  if (code === 0) return;
  const lastLine = output.split('\n').at(-1);
  throw new EmbeddedPostgresError(`PostgreSQL could not be set up in ${folder.name} (${lastLine}): ${USE_YOUR_OWN}`, {
    cause: output,
  });
}
