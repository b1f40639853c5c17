import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { resolveConnection } from '../src/connection/resolve-connection.ts';
import { type Env, readEnv } from '../src/env.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'monitor-'));

beforeAll(() => {
  writeFileSync(
    join(dataDir, 'credentials.json'),
    JSON.stringify({
      api: 'http://127.0.0.1:3001',
      dashboard: 'http://127.0.0.1:5173',
      signInUrl: 'http://127.0.0.1:5173/sign-in?code=1',
      platformKey: 'of-the-file',
      tenants: [],
    }),
  );
});
afterAll(() => rmSync(dataDir, { recursive: true }));

function envFixture(unusual: Partial<Env> = {}): Env {
  return { url: undefined, key: undefined, dashboard: undefined, dataDir, noColor: false, ...unusual };
}

test('without flags the credentials file of this machine counts', async () => {
  expect(await resolveConnection({}, envFixture())).toEqual({
    url: 'http://127.0.0.1:3001',
    key: 'of-the-file',
    dashboard: 'http://127.0.0.1:5173',
  });
});

test('the environment comes before the file, and flags before the environment', async () => {
  const env = envFixture({ key: 'of-the-environment' });
  expect((await resolveConnection({}, env)).key).toBe('of-the-environment');
  expect((await resolveConnection({ key: 'of-the-flag' }, env)).key).toBe('of-the-flag');
});

test('the platform key of this machine does not travel to another', async () => {
  const elsewhere = resolveConnection({ url: 'https://tidemark.example' }, envFixture());
  await expect(elsewhere).rejects.toMatchObject({ remedy: expect.stringContaining('--key') });
});

test('without credentials it says how to get some', async () => {
  const nowhere = resolveConnection({}, envFixture({ dataDir: join(dataDir, 'absent') }));
  await expect(nowhere).rejects.toMatchObject({
    message: expect.stringContaining(join('absent', 'credentials.json')),
    remedy: expect.stringContaining('npm start'),
  });
});

test('a key alone is asked at the usual address', async () => {
  const env = envFixture({ dataDir: join(dataDir, 'absent') });
  expect(await resolveConnection({ key: 'mine' }, env)).toEqual({
    url: 'http://127.0.0.1:3001',
    key: 'mine',
    dashboard: undefined,
  });
});

test('an address must be one', async () => {
  await expect(resolveConnection({ url: 'localhost' }, envFixture())).rejects.toThrow('"localhost" is not an address.');
});

test('empty variables are as good as none', () => {
  expect(readEnv({ TIDEMARK_URL: '', NO_COLOR: '' })).toMatchObject({ url: undefined, noColor: false });
  expect(readEnv({ NO_COLOR: '1' }).noColor).toBe(true);
});
