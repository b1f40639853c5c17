import { spawn } from 'node:child_process';
import { join } from 'node:path';

export type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

const MAIN = join(import.meta.dirname, '../../src/main.ts');

/** Runs the server's command line with these settings alone, to its end. */
export async function runMain(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Ended> {
  const { PATH = '', HOME = '/', TIDEMARK_TEST_RUN = '' } = process.env;
  const child = spawn(process.execPath, [MAIN, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH, HOME, TIDEMARK_TEST_RUN, ...env },
  });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
    });
  }
  const { promise, resolve, reject } = Promise.withResolvers<number | null>();
  child.on('error', reject);
  child.on('close', resolve);
  return { code: await promise, ...output };
}
