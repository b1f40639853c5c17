import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** A server that runs on a data directory, as its postmaster.pid tells. */
export type Postmaster = { readonly pid: number; readonly port: number; readonly ready: boolean };

/**
 * The running server of a data directory, if any. A process id alone proves nothing: it may be a zombie that nobody
 * reaps, or belong to someone else after a restart of the machine or container. So its command line must name PostgreSQL and this directory.
 */
export async function findPostmaster(cluster: string): Promise<Postmaster | undefined> {
  const file = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '');
  // Lines: pid, data directory, start time, port, socket folder, address, shared memory, status.
  const lines = file.split('\n');
  const pid = Number(lines[0]);
  if (!(pid > 0) || !(await isPostmaster(pid, cluster))) return undefined;
  return { pid, port: Number(lines[3] ?? 0), ready: lines[7]?.trim() === 'ready' };
}

export async function isPostmaster(pid: number, cluster: string): Promise<boolean> {
  const command = await readCommandLine(pid);
  return command.includes('postgres') && command.includes(cluster);
}

/** Cheap enough to ask ten times a second. A zombie is not alive. */
export async function isProcessAlive(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  return process.platform !== 'linux' || (await readCommandLine(pid)) !== '';
}

/**
 * Removes a postmaster.pid that no server stands behind. PostgreSQL does so itself, except where a zombie or a stranger
 * has the process id. The caller holds the start lock and has found no running server.
 */
export async function removeStalePidFile(cluster: string): Promise<void> {
  await rm(join(cluster, 'postmaster.pid'), { force: true });
}

/** Empty for a process that is gone or a zombie. */
async function readCommandLine(pid: number): Promise<string> {
  if (process.platform === 'linux') {
    return (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).replaceAll('\0', ' ');
  }
  const listed = await promisify(execFile)('ps', ['-ww', '-o', 'command=', '-p', String(pid)]).catch(() => undefined);
  return listed?.stdout ?? '';
}
