import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { CliError } from '../cli/cli-error.ts';
import { DASHBOARD_DIR, ROOT } from './dashboard-build.ts';

/** Ends the process it is loaded into when the one that started it is gone, however that went. */
const FOLLOW_PARENT = join(ROOT, 'scripts/lib/follow-parent.mjs');

/** Twenty restarts a minute at most: a dashboard that cannot run must not eat a core. */
const RESTART_PAUSE_MS = 3_000;
const READY_TIMEOUT_MS = 15_000;
const STOP_TIMEOUT_MS = 2_000;

export type DashboardOptions = {
  readonly port: number;
  readonly api: string;
  /** What it proves itself by to the API. */
  readonly token: string;
  /** Proxies that its requests pass, as those of the API. */
  readonly trustedProxies: number;
  readonly logger: Logger;
};

/** Runs the built dashboard as a process of its own, restarted when it dies. Resolves once it answers. */
export async function startDashboard(options: DashboardOptions): Promise<AsyncDisposable> {
  const { port, logger } = options;
  const stopping = new AbortController();
  let child = launch(options);
  const supervised = (async () => {
    while (!stopping.signal.aborted) {
      // A process that could not even be made ends like one that stopped.
      const [code, signal] = await once(child, 'exit').catch((error: unknown) => [error, null]);
      if (stopping.signal.aborted) return;
      logger.error({ code, signal }, 'the dashboard stopped and is started again');
      await delay(RESTART_PAUSE_MS, undefined, { signal: stopping.signal }).catch(() => {});
      if (!stopping.signal.aborted) child = launch(options);
    }
  })();
  const stop = async () => {
    stopping.abort();
    child.kill('SIGTERM');
    const kill = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    await supervised;
    clearTimeout(kill);
  };
  try {
    await untilReady(`http://127.0.0.1:${port}/healthz`);
  } catch (error) {
    await stop();
    throw error;
  }
  return { [Symbol.asyncDispose]: stop };
}

function launch({ port, api, token, trustedProxies }: DashboardOptions): ChildProcess {
  return spawn(process.execPath, ['--import', FOLLOW_PARENT, join(DASHBOARD_DIR, 'build/index.js')], {
    cwd: DASHBOARD_DIR,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: {
      TIDEMARK_PARENT: String(process.pid),
      NODE_ENV: 'production',
      HOST: '127.0.0.1',
      PORT: String(port),
      TIDEMARK_API: api,
      TIDEMARK_DASHBOARD_TOKEN: token,
      ...(trustedProxies > 0 && { ADDRESS_HEADER: 'x-forwarded-for', XFF_DEPTH: String(trustedProxies) }),
      // An open stream would otherwise keep the process for half a minute.
      SHUTDOWN_TIMEOUT: '1',
      // As much as the API takes; the framework's own limit is 512 kB.
      BODY_SIZE_LIMIT: '4M',
    },
  });
}

async function untilReady(url: string): Promise<void> {
  const deadline = performance.now() + READY_TIMEOUT_MS;
  while (performance.now() < deadline) {
    const response = await fetch(url, { signal: AbortSignal.timeout(1_000) }).catch(() => undefined);
    await response?.body?.cancel();
    if (response?.ok === true) return;
    await delay(100);
  }
  throw new CliError(
    `The dashboard did not answer at ${url} within ${READY_TIMEOUT_MS / 1_000} s; its output is above.`,
  );
}
