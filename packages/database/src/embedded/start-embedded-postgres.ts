import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { type DataFolder, openDataFolder } from './data-folder.ts';
import type { FileLock } from './file-lock.ts';
import { lockForStarting, lockWithoutUsers, registerUser } from './folder-locks.ts';
import { initializeCluster, OWNER } from './initialize-cluster.ts';
import { type LaunchOptions, launchPostmaster } from './launch-postmaster.ts';
import { preparePostgresBinaries } from './postgres-binaries.ts';
import { findPostmaster, type Postmaster } from './postmaster.ts';
import { stopPostmaster } from './stop-postmaster.ts';

export type EmbeddedPostgresOptions = {
  /** Holds the data, the password and the logs; made when missing. */
  readonly dataDir: string;
  /** Default: a free one. A server that already runs keeps its own. */
  readonly port?: number | undefined;
  /** Default true. False is for tests alone: faster, and a crash of the machine may destroy the data. */
  readonly durable?: boolean | undefined;
};

export type EmbeddedPostgres = AsyncDisposable & {
  /** Connects as the owner of everything, with the password. */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** It was already running: left behind by a killed process, or used by another one. */
  readonly adopted: boolean;
  /** Lets go of the server, and stops it unless another process uses it. Resolves when it has ended. */
  stop(): Promise<void>;
};

/** Starts PostgreSQL on a data folder, or adopts the one that runs there. It outlives this process when that is killed. */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const folder = await openDataFolder(options.dataDir);
  using _starting = await lockForStarting(folder);
  const running = await findReadyPostmaster(folder.cluster);
  const { port, durable = true } = options;
  const postmaster = running ?? (await launch(folder, { port, durable }));
  const password = await readFile(folder.password, 'utf8');
  const user = await registerUser(folder);
  const stop = once(() => release(folder, user));
  return {
    url: `postgres://${OWNER}:${password}@127.0.0.1:${postmaster.port}/${OWNER}`,
    port: postmaster.port,
    pid: postmaster.pid,
    adopted: running !== undefined,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

async function launch(folder: DataFolder, options: LaunchOptions): Promise<Postmaster> {
  const binaries = await preparePostgresBinaries(folder);
  await initializeCluster(folder, binaries, options.durable);
  return launchPostmaster(folder, binaries, options);
}

/** A server that still starts or recovers is waited for: its starter may have been killed in the middle of that. */
async function findReadyPostmaster(cluster: string): Promise<Postmaster | undefined> {
  for (;;) {
    const postmaster = await findPostmaster(cluster);
    if (postmaster === undefined || postmaster.ready) return postmaster;
    await delay(50);
  }
}

async function release(folder: DataFolder, user: FileLock): Promise<void> {
  using _stopping = await lockForStarting(folder);
  user[Symbol.dispose]();
  using alone = await lockWithoutUsers(folder);
  if (alone !== undefined) await stopPostmaster(folder.cluster);
}

function once(action: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => (done ??= action());
}
