import { randomUUID } from 'node:crypto';
import { chmod, chown, mkdir, realpath, symlink } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { EmbeddedPostgresError, USE_YOUR_OWN } from './embedded-postgres-error.ts';
import { canReach, type RunUser, resolveRunUser } from './run-user.ts';

/** What lies in a data folder; every path is absolute and free of links. */
export type DataFolder = {
  /** What the caller named it, for messages. */
  readonly name: string;
  /** PostgreSQL's own data directory. */
  readonly cluster: string;
  readonly password: string;
  readonly startupLog: string;
  /** Held while starting or stopping. */
  readonly startLock: string;
  /** Shared by everyone who uses the server; the last one out stops it. */
  readonly usersLock: string;
  /** Where binaries go that the run user cannot reach in node_modules. */
  readonly binaries: string;
  readonly runUser: RunUser | undefined;
};

/** Where root's data goes when the run user cannot enter the checkout's folder, as below /root. */
const SYSTEM_DATA = '/var/lib/tidemark';

/** Makes the folder where it is missing, owned by the user that will run PostgreSQL and closed to all others. */
export async function openDataFolder(dataDir: string): Promise<DataFolder> {
  const name = resolve(dataDir);
  const runUser = await resolveRunUser(name);
  try {
    await mkdir(dirname(name), { recursive: true });
    const existing = await realpath(name).catch(() => undefined);
    const place = existing ?? join(await realpath(dirname(name)), basename(name));
    if (!(await canReach(place, runUser))) await linkToSystemData(name, existing);
    await mkdir(name, { recursive: true });
    const root = await realpath(name);
    if (runUser !== undefined) await chown(root, runUser.uid, runUser.gid);
    await chmod(root, 0o700);
    return {
      name,
      cluster: join(root, 'cluster'),
      password: join(root, 'password'),
      startupLog: join(root, 'startup.log'),
      startLock: join(root, 'start.lock'),
      usersLock: join(root, 'users.lock'),
      binaries: join(root, 'binaries'),
      runUser,
    };
  } catch (error) {
    if (!isRefusal(error)) throw error;
    throw new EmbeddedPostgresError(
      `The data folder ${name} cannot be used (${error.code}): run as the user that owns it, choose another, or ${USE_YOUR_OWN}`,
      { cause: error },
    );
  }
}

/** The folder becomes a link, so that it is seen where the data is and deleting it starts afresh. */
async function linkToSystemData(name: string, existing: string | undefined): Promise<void> {
  if (existing !== undefined) {
    throw new EmbeddedPostgresError(
      `${name} lies in a folder that only root may enter, where PostgreSQL cannot run: move it to ${SYSTEM_DATA}, or ${USE_YOUR_OWN}`,
    );
  }
  const target = join(SYSTEM_DATA, randomUUID());
  await mkdir(target, { recursive: true });
  await chmod(SYSTEM_DATA, 0o755);
  await symlink(target, name).catch((error: unknown) => {
    // Another start was first, and its link is as good.
    if (!isRefusal(error) || error.code !== 'EEXIST') throw error;
  });
}

function isRefusal(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error;
}
