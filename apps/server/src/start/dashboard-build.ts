import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { glob, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CliError } from '../cli/cli-error.ts';
import { readEnvironment } from '../env.ts';

export const ROOT = join(import.meta.dirname, '../../../..');
export const DASHBOARD_DIR = join(ROOT, 'apps/dashboard');
const STAMP = join(DASHBOARD_DIR, 'build/.sources');
/** What the built dashboard is made of. */
const SOURCES = [
  'apps/dashboard/{src,static}/**/*',
  'apps/dashboard/*.{ts,json}',
  'packages/{client,schemas}/src/**/*.ts',
  'pnpm-lock.yaml',
];

/** Builds the dashboard unless the build at hand is of these very sources; tells when it begins to. */
export async function buildDashboard(signal: AbortSignal, onStart: () => void): Promise<void> {
  const sources = await hashSources();
  const built = await readFile(STAMP, 'utf8').catch(() => '');
  if (built === sources) return;
  onStart();
  const vite = join(DASHBOARD_DIR, 'node_modules/vite/bin/vite.js');
  const child = spawn(process.execPath, [vite, 'build', '--logLevel', 'error'], {
    cwd: DASHBOARD_DIR,
    env: { ...readEnvironment(), NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'pipe'],
    signal,
  });
  const output: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => output.push(chunk));
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new CliError(`The dashboard cannot be built:\n${Buffer.concat(output).toString('utf8')}`);
  await writeFile(STAMP, sources);
}

async function hashSources(): Promise<string> {
  const paths: string[] = [];
  for await (const entry of glob(SOURCES, { cwd: ROOT, withFileTypes: true })) {
    if (entry.isFile()) paths.push(join(entry.parentPath, entry.name));
  }
  const hash = createHash('sha256');
  for (const path of paths.sort()) hash.update(path.slice(ROOT.length)).update(await readFile(path));
  return hash.digest('hex');
}
