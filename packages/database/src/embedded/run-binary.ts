import { type SpawnOptions, spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { EmbeddedPostgresError, USE_YOUR_OWN } from './embedded-postgres-error.ts';
import type { RunUser } from './run-user.ts';

export type BinaryResult = { readonly code: number; readonly output: string };

/** Nothing of our own environment reaches PostgreSQL: no PG* variable, locale or zone of the person who starts it. */
const ENVIRONMENT = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

/** Runs one of PostgreSQL's programs to its end as the run user. */
export async function runBinary(
  binary: string,
  args: readonly string[],
  user: RunUser | undefined,
  input = '',
): Promise<BinaryResult> {
  // The folder Node was started in may be closed to the run user.
  const options: SpawnOptions = { cwd: '/', env: ENVIRONMENT, stdio: 'pipe', ...user };
  const child = spawn(binary, args, options);
  const { promise: exited, resolve, reject } = Promise.withResolvers<number>();
  child.once('error', (error: NodeJS.ErrnoException) => reject(cannotRun(binary, error)));
  child.once('close', (code, signal) => resolve(code ?? (signal === null ? 1 : 128)));
  // A program that ends without reading its input is judged by its exit code.
  child.stdin?.on('error', () => undefined).end(input);
  const [code, out, err] = await Promise.all([exited, collect(child.stdout), collect(child.stderr)]);
  return { code, output: `${out}${err}`.trim() };
}

async function collect(stream: NodeJS.ReadableStream | null): Promise<string> {
  return stream === null ? '' : text(stream);
}

function cannotRun(binary: string, error: NodeJS.ErrnoException): EmbeddedPostgresError {
  // The file is there, so ENOENT means its loader is not: the binaries need glibc, which Alpine lacks.
  const reason = error.code === 'ENOENT' ? 'this system lacks the C library it was built for' : error.message;
  return new EmbeddedPostgresError(`PostgreSQL's ${binary} cannot run (${reason}): ${USE_YOUR_OWN}`, { cause: error });
}
