import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import {
  databaseResource,
  findFreePort,
  PostgresProxy,
  serverResource,
  temporaryFolderResource,
} from '@tidemark/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Ended, runMain } from './run-main.ts';

let settings: Record<string, string>;
const stack = new AsyncDisposableStack();
beforeAll(async () => {
  settings = {
    DATABASE_URL: stack.use(await databaseResource()).url,
    TIDEMARK_PORT: String(await findFreePort()),
    TIDEMARK_DASHBOARD_PORT: String(await findFreePort()),
    TIDEMARK_DATA_DIR: stack.use(await temporaryFolderResource()).path,
    TIDEMARK_DEMO: '0',
  };
});
afterAll(() => stack.disposeAsync());

/** A failure that a person can mend: one line that names what is wrong, exit code 1, nothing else. */
function expectOneLine({ code, stdout, stderr }: Ended, ...words: readonly (string | RegExp)[]): void {
  expect(stderr).toMatch(/^tidemark: [^\n]+\n$/);
  for (const word of words) expect(stderr).toMatch(word);
  expect(stdout).toBe('');
  expect(code).toBe(1);
}

const PASSWORD = 's3cret-Pa55word';

test.each(['serve', 'start'])('%s refuses a port that is taken, naming the setting', async (command) => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as AddressInfo;
  const ended = await runMain([command], { ...settings, TIDEMARK_PORT: String(port) });
  taken.close();
  expectOneLine(ended, `Port ${port}`, 'is taken', 'TIDEMARK_PORT');
});

test('start refuses a dashboard’s port that is taken', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as AddressInfo;
  const ended = await runMain(['start'], { ...settings, TIDEMARK_DASHBOARD_PORT: String(port) });
  taken.close();
  expectOneLine(ended, 'is taken', 'TIDEMARK_DASHBOARD_PORT');
});

test.each([
  ['TIDEMARK_PORT', 'abc'],
  ['TIDEMARK_PORT', '65536'],
  ['TIDEMARK_PLATFORM_KEY', 'short'],
  ['TIDEMARK_CORS', 'example.com'],
  ['LOG_LEVEL', 'loud'],
  ['DATABASE_URL', `mysql://tidemark:${PASSWORD}@127.0.0.1/tidemark`],
  ['DATABASE_URL', `postgres://tidemark:${PASSWORD}@:port/tidemark`],
  ['DATABASE_URL', `postgres://tidemark:${PASSWORD}/#@127.0.0.1/tidemark`],
  ['REDIS_URL', `http://tidemark:${PASSWORD}@127.0.0.1`],
  ['REDIS_URL', `redis://tidemark:${PASSWORD}@127.0.0.1:7000,127.0.0.1:7001/2`],
])('refuses a broken setting, naming it: %s=%s', async (name, value) => {
  const ended = await runMain(['serve'], { ...settings, [name]: value });
  expectOneLine(ended, name, /must|expected/);
  expect(ended.stderr).not.toContain(PASSWORD);
});

test('start refuses a broken setting as serve does', async () => {
  expectOneLine(await runMain(['start'], { ...settings, TIDEMARK_PORT: 'abc' }), 'TIDEMARK_PORT');
});

test('serve does not guess a database', async () => {
  expectOneLine(await runMain(['serve'], { ...settings, DATABASE_URL: '' }), 'DATABASE_URL');
});

test.each(['serve', 'start'])(
  '%s tells of a database that cannot be reached, without its password',
  async (command) => {
    const port = await findFreePort();
    const url = `postgres://tidemark:${PASSWORD}@127.0.0.1:${port}/tidemark`;
    const ended = await runMain([command], { ...settings, DATABASE_URL: url });
    expectOneLine(ended, `127.0.0.1:${port}/tidemark`, 'ECONNREFUSED', 'DATABASE_URL');
    expect(ended.stderr).not.toContain(PASSWORD);
  },
);

test('tells of a wrong password without saying it, and of a database that is not there', async () => {
  const wrong = new URL(settings.DATABASE_URL ?? '');
  wrong.password = PASSWORD;
  const refused = await runMain(['serve'], { ...settings, DATABASE_URL: wrong.href });
  expectOneLine(refused, 'password authentication failed');
  expect(refused.stderr).not.toContain(PASSWORD);

  const missing = new URL(settings.DATABASE_URL ?? '');
  missing.pathname = '/not_there';
  expectOneLine(await runMain(['serve'], { ...settings, DATABASE_URL: missing.href }), 'not_there');
});

test('tells of a data folder that cannot be written to', async () => {
  const file = join(settings.TIDEMARK_DATA_DIR ?? '', 'a-file');
  await writeFile(file, '');
  expectOneLine(await runMain(['serve'], { ...settings, TIDEMARK_DATA_DIR: join(file, 'data') }), 'TIDEMARK_DATA_DIR');
});

test('serve waits for a database that is starting, and says so', async () => {
  await using proxy = await PostgresProxy.open(settings.DATABASE_URL ?? '');
  proxy.start(3);
  await using server = await serverResource({ databaseUrl: proxy.url });
  expect(server.output().match(/is starting, and waited for/g)).toHaveLength(1);
  expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
});
