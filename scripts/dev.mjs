// `npm run dev`: the API restarts and the dashboard reloads as their sources change.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { superviseEmbeddedPostgres } from '../packages/database/src/index.ts';

const root = join(import.meta.dirname, '..');
const dashboard = join(root, 'apps/dashboard');
const dataDir = process.env.TIDEMARK_DATA_DIR || join(root, '.tidemark');
const api = `http://127.0.0.1:${process.env.TIDEMARK_PORT || 3001}`;
const dashboardPort = process.env.TIDEMARK_DASHBOARD_PORT || '5173';

const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => stopping.abort());

await using stack = new AsyncDisposableStack();
const databaseUrl = process.env.DATABASE_URL || (await startPostgres());
startProcess(['--watch', '--watch-preserve-output', join(root, 'apps/server/src/main.ts'), 'serve'], root, {
  DATABASE_URL: databaseUrl,
  TIDEMARK_DATA_DIR: dataDir,
});
startProcess([join(dashboard, 'node_modules/vite/bin/vite.js'), 'dev', '--port', dashboardPort], dashboard, {
  TIDEMARK_API: api,
});
await printSignInLink();
if (!stopping.signal.aborted) await once(stopping.signal, 'abort');

async function startPostgres() {
  const postgres = await superviseEmbeddedPostgres({
    dataDir: join(dataDir, 'postgres'),
    onEvent: (event) => console.log('PostgreSQL', event),
  });
  return stack.use(postgres).url;
}

function startProcess(args, cwd, env) {
  const child = spawn(process.execPath, args, { cwd, env: { ...process.env, ...env }, stdio: 'inherit' });
  const ended = once(child, 'exit');
  child.once('exit', () => stopping.abort());
  stack.defer(async () => {
    child.kill('SIGTERM');
    await ended;
  });
}

async function printSignInLink() {
  while (!stopping.signal.aborted) {
    const answer = await fetch(`${api}/readyz`).catch(() => undefined);
    if (answer?.ok) break;
    await delay(200);
  }
  const credentials = await readFile(join(dataDir, 'credentials.json'), 'utf8').catch(() => '{}');
  const { signInUrl } = JSON.parse(credentials);
  if (signInUrl !== undefined) console.log(`\n  Sign in: ${signInUrl}\n`);
}
