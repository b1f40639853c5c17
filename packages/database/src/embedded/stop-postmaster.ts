import { setTimeout as delay } from 'node:timers/promises';
import { findPostmaster, isPostmaster } from './postmaster.ts';

const POLL_INTERVAL_MS = 20;

/**
 * A fast shutdown writes all dirty pages first. People wait at a Ctrl-C, so after one second the server is told to
 * leave at once: nothing committed is lost by that, the next start replays the log.
 */
const FAST_SHUTDOWN_MS = 1_000;

/** The server ends its own children within 5 s of an immediate shutdown, whatever they do. */
const IMMEDIATE_SHUTDOWN_MS = 10_000;

export async function stopPostmaster(cluster: string): Promise<void> {
  const postmaster = await findPostmaster(cluster);
  if (postmaster === undefined) return;
  const { pid } = postmaster;
  if (await endBy(pid, cluster, 'SIGINT', FAST_SHUTDOWN_MS)) return;
  if (await endBy(pid, cluster, 'SIGQUIT', IMMEDIATE_SHUTDOWN_MS)) return;
  await endBy(pid, cluster, 'SIGKILL', IMMEDIATE_SHUTDOWN_MS);
}

async function endBy(pid: number, cluster: string, signal: NodeJS.Signals, waitMs: number): Promise<boolean> {
  try {
    process.kill(pid, signal);
  } catch {
    return true;
  }
  const deadline = performance.now() + waitMs;
  while (performance.now() < deadline) {
    if (!(await isPostmaster(pid, cluster))) return true;
    await delay(POLL_INTERVAL_MS);
  }
  return false;
}
