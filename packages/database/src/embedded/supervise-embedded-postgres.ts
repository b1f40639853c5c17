import { setTimeout as delay } from 'node:timers/promises';
import { isProcessAlive } from './postmaster.ts';
import {
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  startEmbeddedPostgres,
} from './start-embedded-postgres.ts';

export type SupervisorEvent =
  | { readonly type: 'exited'; readonly pid: number }
  | { readonly type: 'restarted'; readonly pid: number; readonly attempt: number }
  | { readonly type: 'restart_failed'; readonly attempt: number; readonly error: unknown; readonly retryInMs: number };

export type SupervisorOptions = EmbeddedPostgresOptions & {
  readonly onEvent?: (event: SupervisorEvent) => void;
};

/** The server is not our child, so its end is looked for; half of what a person notices as a stall. */
const WATCH_INTERVAL_MS = 100;

/** Doubles from the first delay to the last and stays there: a full disk may be emptied an hour later. */
const FIRST_RETRY_MS = 200;
const LAST_RETRY_MS = 15_000;

/** Starts or adopts PostgreSQL and brings it back on the same port, so on the same URL, whenever it dies before `stop()`. */
export async function superviseEmbeddedPostgres(options: SupervisorOptions): Promise<EmbeddedPostgres> {
  let server = await startEmbeddedPostgres(options);
  const stopping = new AbortController();
  const watching = watch();
  watching.catch(() => undefined);

  async function watch(): Promise<void> {
    while (!stopping.signal.aborted) {
      await pause(WATCH_INTERVAL_MS, stopping.signal);
      if (stopping.signal.aborted || (await isProcessAlive(server.pid))) continue;
      options.onEvent?.({ type: 'exited', pid: server.pid });
      await restart();
    }
  }

  async function restart(): Promise<void> {
    for (let attempt = 1; !stopping.signal.aborted; attempt++) {
      try {
        const dead = server;
        server = await startEmbeddedPostgres({ ...options, port: dead.port });
        // After the new start has registered, so that this lets go of the old without stopping the new.
        await dead.stop();
        options.onEvent?.({ type: 'restarted', pid: server.pid, attempt });
        return;
      } catch (error) {
        const retryInMs = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** (attempt - 1));
        options.onEvent?.({ type: 'restart_failed', attempt, error, retryInMs });
        await pause(retryInMs, stopping.signal);
      }
    }
  }

  async function stop(): Promise<void> {
    stopping.abort();
    await watching;
    await server.stop();
  }

  return {
    url: server.url,
    port: server.port,
    adopted: server.adopted,
    get pid() {
      return server.pid;
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** Ends early, without an error, at the abort; keeps no process alive. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal, ref: false }).catch(() => undefined);
}
