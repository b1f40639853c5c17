import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MAIN = join(import.meta.dirname, '../../src/main.ts');

export type CliResult = { readonly code: number | null; readonly stdout: string; readonly stderr: string };
export type RunningCli = { readonly child: ChildProcess; readonly result: Promise<CliResult> };

export type CliOptions = {
  /** Where `.tidemark` is looked for. */
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
};

/** The command line in a process of its own; it knows of no server but what its folder and `env` say. */
export function startCli(args: readonly string[], { cwd, env }: CliOptions): RunningCli {
  const child = spawn(process.execPath, [MAIN, ...args], { cwd, env: { TMPDIR: tmpdir(), ...env } });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return { child, result: once(child, 'close').then(() => ({ code: child.exitCode, stdout, stderr })) };
}

/** Runs it to its end, with `input` on standard input. */
export async function runCli(args: readonly string[], options: CliOptions & { input?: Uint8Array | string }) {
  const { child, result } = startCli(args, options);
  // A command that wants no input may be gone before it is written.
  child.stdin?.on('error', () => {}).end(options.input);
  return result;
}
