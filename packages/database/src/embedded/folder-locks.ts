import { chown } from 'node:fs/promises';
import type { DataFolder } from './data-folder.ts';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
import { acquireFileLock, type FileLock } from './file-lock.ts';

/** A start with initdb takes a second, a recovery may take minutes; another process's start is waited for. */
const START_LOCK_WAIT_MS = 150_000;

/** Only one process at a time starts or stops the server of a folder. */
export async function lockForStarting(folder: DataFolder): Promise<FileLock> {
  const lock = await acquireFileLock(folder.startLock, 'exclusive', START_LOCK_WAIT_MS);
  await giveToRunUser(folder, folder.startLock);
  if (lock !== undefined) return lock;
  throw new EmbeddedPostgresError(`Another process keeps starting PostgreSQL in ${folder.name}: end it and try again`);
}

/** Says that this process uses the server. Needs the start lock, which whoever looks for users holds too. */
export async function registerUser(folder: DataFolder): Promise<FileLock> {
  const lock = await acquireFileLock(folder.usersLock, 'shared');
  await giveToRunUser(folder, folder.usersLock);
  if (lock !== undefined) return lock;
  throw new EmbeddedPostgresError(
    `${folder.usersLock} is locked by a program that is not Tidemark: end it and try again`,
  );
}

/** The proof that no process uses the server, or undefined. Needs the start lock. */
export async function lockWithoutUsers(folder: DataFolder): Promise<FileLock | undefined> {
  return acquireFileLock(folder.usersLock, 'exclusive');
}

/** Root makes these files, yet the owner of the data may be the one to start next. */
async function giveToRunUser({ runUser }: DataFolder, path: string): Promise<void> {
  if (runUser !== undefined) await chown(path, runUser.uid, runUser.gid);
}
