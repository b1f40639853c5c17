import { readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { EmbeddedPostgresError, USE_YOUR_OWN } from './embedded-postgres-error.ts';

/** The user the server runs as, when that is not simply whoever runs Node. */
export type RunUser = { readonly uid: number; readonly gid: number };

/**
 * PostgreSQL refuses to run as root. Root therefore lends it the user that already owns the data, or `nobody`;
 * any user with a passwd entry will do. Undefined: the server runs as the user that runs Node.
 */
export async function resolveRunUser(dataDir: string): Promise<RunUser | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const owner = await stat(dataDir).catch(() => undefined);
  if (owner !== undefined && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  return findNobody();
}

async function findNobody(): Promise<RunUser> {
  const passwd = await readFile('/etc/passwd', 'utf8').catch(() => '');
  const fields = /^nobody:[^:]*:(-?\d+):(-?\d+):/m.exec(passwd);
  if (fields === null) {
    throw new EmbeddedPostgresError(
      `PostgreSQL does not run as root and this machine has no user "nobody" to run it as: start as another user, or ${USE_YOUR_OWN}`,
    );
  }
  return { uid: Number(fields[1]), gid: Number(fields[2]) };
}

/** Whether the user may pass through every folder above `path` (by mode bits; ACLs are not looked at). */
export async function canReach(path: string, user: RunUser | undefined): Promise<boolean> {
  if (user === undefined) return true;
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const { mode, uid, gid } = await stat(folder);
    const allowed = uid === user.uid ? mode & 0o100 : gid === user.gid ? mode & 0o010 : mode & 0o001;
    if (allowed === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}
