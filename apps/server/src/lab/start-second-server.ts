import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { findFreePort } from '@tidemark/database';
import { toSecondServerEnv } from '../env.ts';

/** A start takes half a second on a quiet machine, and this one is under load. */
const READY_MS = 30_000;
const STOP_MS = 5_000;

export type SecondServer = AsyncDisposable & { readonly url: string };

/** Another server of the same database and Redis, in a process of its own, for as long as a run of the lab needs it. */
export async function startSecondServer(shared: {
  readonly databaseUrl: string;
  readonly redisUrl: string | undefined;
}): Promise<SecondServer> {
  const port = await findFreePort();
  const child = spawn(process.execPath, [join(import.meta.dirname, 'second-server.ts')], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: toSecondServerEnv({ ...shared, port }),
  });
  await using stack = new AsyncDisposableStack();
  stack.defer(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    const tooLong = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    await exited;
    clearTimeout(tooLong);
  });
  const signal = AbortSignal.timeout(READY_MS);
  await Promise.race([
    once(child, 'message', { signal }),
    once(child, 'exit', { signal }).then(() => {
      throw new Error('the second server ended before it served');
    }),
  ]);
  const running = stack.move();
  return { url: `http://127.0.0.1:${port}`, [Symbol.asyncDispose]: () => running.disposeAsync() };
}
