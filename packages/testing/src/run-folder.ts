import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { endSurvivors } from './assert-no-survivors.ts';
import type { TestRun } from './test-run.ts';

const PREFIX = 'tidemark-test-';

/** The run's folder; its name is the run's id and says whose it is. */
export async function makeRunFolder(): Promise<Pick<TestRun, 'id' | 'folder'>> {
  const folder = await mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-`));
  // Root's PostgreSQL runs as another user, who must be able to pass.
  await chmod(folder, 0o711);
  return { id: basename(folder), folder };
}

/** Puts away what earlier runs left that were killed: their PostgreSQL runs on. */
export async function sweepRunFolders(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const [owner] = name.startsWith(PREFIX) ? name.slice(PREFIX.length).split('-') : [];
    const pid = Number(owner);
    if (!(pid > 0) || isAlive(pid)) continue;
    const folder = join(tmpdir(), name);
    await endSurvivors({ id: name, folder });
    await rm(folder, { recursive: true, force: true });
  }
}

/** A process of someone else's lives, too. */
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
