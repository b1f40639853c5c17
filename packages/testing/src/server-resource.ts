import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findFreePort } from '@tidemark/database';
import { homeFolder, searchPath } from './env.ts';
import { temporaryFolderResource } from './temporary-folder-resource.ts';
import { getTestRun, RUN_VARIABLE } from './test-run.ts';

export type ServerResourceOptions = {
  /** The owner's URL, as of a `databaseResource()`. */
  readonly databaseUrl: string;
  /** Default: none, so an in-process cache and bus. */
  readonly redisUrl?: string;
  /** Default: a free one. Name a port to start again where a killed server was. */
  readonly port?: number;
  readonly platformKey?: string;
  /** The program that serves, from the repository's root. Default: the product's own. */
  readonly program?: string;
  /** Further settings of the server. */
  readonly env?: Readonly<Record<string, string>>;
};

export type ServerResource = AsyncDisposable & {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  readonly platformKey: string;
  /** What it has printed so far, both streams. */
  output(): string;
  /** Resolves when the process has ended by it. Default SIGKILL. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** Asks it to end and waits; fails unless it does so in order and in time. Nothing, where it has ended already. */
  stop(): Promise<void>;
};

const ROOT = join(import.meta.dirname, '../../..');

/** A start takes 0.2 s on a quiet machine; this one may run beside many. */
const READY_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 10_000;
const POLL_INTERVAL_MS = 25;

/** Tests and benchmarks ask as fast as they can; those of limits set their own. */
const ROOMY_LIMITS = ['analytics', 'eventWrites', 'eventReads', 'general', 'health', 'attempts']
  .map((name) => `${name}=100000000/60`)
  .join(',');

const PLATFORM_KEY = 'test-platform-key-0123456789abcdef';

/** A real API server in a process of its own, ready to answer. */
export async function serverResource(options: ServerResourceOptions): Promise<ServerResource> {
  await using starting = new AsyncDisposableStack();
  const folder = starting.use(await temporaryFolderResource());
  const { databaseUrl, redisUrl, platformKey = PLATFORM_KEY, program = 'apps/server/src/main.ts' } = options;
  const port = options.port ?? (await findFreePort());
  const child = spawn(process.execPath, [join(ROOT, program), 'serve'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: searchPath,
      HOME: homeFolder,
      [RUN_VARIABLE]: getTestRun().id,
      DATABASE_URL: databaseUrl,
      ...(redisUrl === undefined ? {} : { REDIS_URL: redisUrl }),
      TIDEMARK_PORT: String(port),
      TIDEMARK_DATA_DIR: folder.path,
      TIDEMARK_DEMO: '0',
      TIDEMARK_PLATFORM_KEY: platformKey,
      TIDEMARK_LIMITS: ROOMY_LIMITS,
      ...options.env,
    },
  });
  starting.defer(() => stop(child, () => output));
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const url = `http://127.0.0.1:${port}`;
  await untilReady(child, url, () => output);
  const running = starting.move();
  return {
    url,
    port,
    pid: child.pid ?? 0,
    platformKey,
    output: () => output,
    kill: (signal = 'SIGKILL') => kill(child, signal),
    stop: () => running.disposeAsync(),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

async function untilReady(child: ChildProcess, url: string, output: () => string): Promise<void> {
  const deadline = performance.now() + READY_TIMEOUT_MS;
  while (performance.now() < deadline) {
    if (hasEnded(child)) throw new Error(`The server ended with ${child.exitCode ?? child.signalCode}:\n${output()}`);
    const answer = await fetch(`${url}/readyz`).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer?.ok) return;
    await delay(POLL_INTERVAL_MS);
  }
  throw new Error(`The server was not ready within ${READY_TIMEOUT_MS} ms:\n${output()}`);
}

async function kill(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (hasEnded(child)) return;
  const ended = once(child, 'exit');
  child.kill(signal);
  await ended;
}

async function stop(child: ChildProcess, output: () => string): Promise<void> {
  if (hasEnded(child)) return;
  const tooLong = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await kill(child, 'SIGTERM');
  clearTimeout(tooLong);
  if (child.exitCode !== 0)
    throw new Error(`The server stopped with ${child.exitCode ?? child.signalCode}:\n${output()}`);
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}
