import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';

/** Held until disposed, or until its process ends however that happens. */
export type FileLock = Disposable;

const POLL_INTERVAL_MS = 25;

/**
 * Locks a file among processes: one `exclusive` holder or many `shared` ones. Node has no flock, and a lock file with
 * a pid goes stale; SQLite's locks are the kernel's own, which lets go of them at kill -9. Nothing is ever stored.
 * Undefined when someone else still holds it after `waitMs`.
 */
export async function acquireFileLock(
  path: string,
  mode: 'exclusive' | 'shared',
  waitMs = 0,
): Promise<FileLock | undefined> {
  const file = new DatabaseSync(path, { timeout: 0 });
  const deadline = performance.now() + waitMs;
  for (;;) {
    try {
      file.exec(mode === 'exclusive' ? 'BEGIN EXCLUSIVE' : 'BEGIN; SELECT 1 FROM sqlite_schema');
      return { [Symbol.dispose]: () => file.close() };
    } catch (error) {
      if (!isBusy(error)) throw error;
      if (file.isTransaction) file.exec('ROLLBACK');
    }
    if (performance.now() >= deadline) {
      file.close();
      return undefined;
    }
    await delay(POLL_INTERVAL_MS);
  }
}

const SQLITE_BUSY = 5;

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY;
}
