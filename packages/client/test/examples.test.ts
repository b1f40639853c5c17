import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { createTidemark, withIdentity } from '@tidemark/client';
import { databaseResource, serverResource, temporaryFolderResource } from '@tidemark/testing';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';

// Each starts processes of its own, which take long on a machine that is busy with other tests.
vi.setConfig({ testTimeout: 120_000 });

type Tenant = { readonly slug: string; readonly keys: { ingest: string; viewer: string; admin: string } };

let stack: AsyncDisposableStack;
let url: string;
let platformKey: string;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  const { url: databaseUrl } = stack.use(await databaseResource());
  ({ url, platformKey } = stack.use(await serverResource({ databaseUrl })));
});
afterAll(() => stack.disposeAsync());

/** A new tenant with its three keys, as the credentials file lists it. */
async function tenantFixture(slug: string): Promise<Tenant & { id: string }> {
  const { id } = await createTidemark({ url, key: platformKey }).admin.tenants.create.mutate({ slug, name: slug });
  const { admin } = createTidemark({ url, key: platformKey, tenantId: id });
  const create = async (role: 'ingest' | 'viewer' | 'admin') =>
    (await admin.keys.create.mutate({ name: role, role })).secret;
  return {
    id,
    slug,
    keys: { ingest: await create('ingest'), viewer: await create('viewer'), admin: await create('admin') },
  };
}

type RunOptions = {
  readonly env?: NodeJS.ProcessEnv;
  readonly onOutput?: (text: string, child: ChildProcess) => void;
  readonly exitCode?: number;
};

/** Runs an example as its first lines say, and gives what it printed. */
async function runExample(name: string, args: readonly string[], options: RunOptions = {}): Promise<string[]> {
  const { env = {}, onOutput = () => {}, exitCode = 0 } = options;
  const path = join(import.meta.dirname, '../examples', name);
  const child = spawn(process.execPath, [path, ...args], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  child.stdout.setEncoding('utf8').on('data', (printed: string) => onOutput(printed, child));
  const [stdout] = await Promise.all([text(child.stdout), once(child, 'close')]);
  expect(child.exitCode).toBe(exitCode);
  return stdout.trimEnd().split('\n');
}

test('ingest.ts: what is sent again is a duplicate', async () => {
  const { keys } = await tenantFixture('ingesting');
  const [first, again] = await runExample('ingest.ts', ['--url', url, '--key', keys.ingest]);
  expect(first).toMatch(/^first: accepted, accepted, accepted \(committed at 20.*Z\)$/);
  expect(again).toBe('again: duplicate, duplicate, duplicate (committed at null)');
});

test('query-summary.ts: finds the local server by its credentials file', async () => {
  const tenant = await tenantFixture('asking');
  const { events } = createTidemark({ url, key: tenant.keys.ingest });
  await events.ingest.mutate({
    events: [
      { type: 'signup', userId: 'ada' },
      { type: 'view', userId: 'ada' },
    ],
  });
  await using folder = await temporaryFolderResource();
  const credentials = { api: url, dashboard: url, signInUrl: url, platformKey, tenants: [tenant] };
  await writeFile(join(folder.path, 'credentials.json'), JSON.stringify(credentials));
  const lines = await runExample('query-summary.ts', ['--tenant', 'asking'], {
    env: { TIDEMARK_DATA_DIR: folder.path },
  });
  expect(lines[0]).toBe('2 events by 1 users, before that 0 events');
  expect(lines.slice(1, 3).toSorted()).toEqual(['  signup: 1 events, 1 users', '  view: 1 events, 1 users']);
  expect(lines.at(-1)).toMatch(/^from \w+, exact, as of 20.*Z, zone UTC$/);
});

test('watch.ts: answers at once', async () => {
  const { keys } = await tenantFixture('watching');
  const { events } = createTidemark({ url, key: keys.ingest });
  await events.ingest.mutate({ events: [withIdentity({ type: 'view', userId: 'ada' })] });
  const lines = await runExample('watch.ts', ['1', '--url', url, '--key', keys.viewer]);
  expect(lines.at(-1)).toMatch(/^20.*Z {2}1 events, 1 users$/);
});

test('tail.ts: shows what is stored while it runs', async () => {
  const { keys } = await tenantFixture('tailing');
  const { events } = createTidemark({ url, key: keys.ingest });
  const sent = [withIdentity({ type: 'view', userId: 'ada' }), withIdentity({ type: 'buy' })];
  const onOutput = (printed: string) => {
    if (printed.includes('following')) void events.ingest.mutate({ events: sent });
  };
  const lines = await runExample('tail.ts', ['2', '--url', url, '--key', keys.viewer], { onOutput });
  expect(lines).toEqual(['following from 0:0', `${sent[0]?.occurredAt}  view  ada`, `${sent[1]?.occurredAt}  buy  -`]);
});

const DAY_MS = 86_400_000;

test('nightly-report.ts: yesterday as Markdown', async () => {
  const { keys } = await tenantFixture('reporting');
  const yesterday = new Date(Date.now() - DAY_MS).toISOString();
  await createTidemark({ url, key: keys.ingest }).events.ingest.mutate({
    events: [
      { type: 'view', userId: 'ada', occurredAt: yesterday },
      { type: 'view', userId: 'ada', occurredAt: yesterday },
      { type: 'signup', userId: 'grace', occurredAt: yesterday },
      { type: 'view', userId: 'today' },
    ],
  });
  const lines = await runExample('nightly-report.ts', ['--url', url, '--key', keys.viewer]);
  expect(lines).toEqual([
    expect.stringMatching(/^# \w+day, /),
    '',
    '- Events: 3 (none the day before)',
    '- Users: 2 (none the day before)',
    '',
    '| Type | Events | Users | Share |',
    '| --- | --- | --- | --- |',
    '| view | 2 | 1 | 66.7 % |',
    '| signup | 1 | 1 | 33.3 % |',
    '',
    'Most active: ada (2), grace (1)',
  ]);
});

test('alert.ts: ends with 1 where there is too little', async () => {
  const { keys } = await tenantFixture('alerting');
  const hourBefore = new Date(Date.now() - 1.5 * 3_600_000).toISOString();
  const { events } = createTidemark({ url, key: keys.ingest });
  await events.ingest.mutate({
    events: Array.from({ length: 10 }, () => ({ type: 'signup', occurredAt: hourBefore })),
  });
  const args = ['signup', '--url', url, '--key', keys.viewer];
  const low = 'LOW: 0 of signup in the last hour, 10 in the one before';
  expect(await runExample('alert.ts', args, { exitCode: 1 })).toEqual([low]);
  await events.ingest.mutate({ events: Array.from({ length: 7 }, () => ({ type: 'signup' })) });
  expect(await runExample('alert.ts', args)).toEqual(['ok: 7 of signup in the last hour, 10 in the one before']);
});

test('migrate-csv.ts: a second run adds nothing', async () => {
  const { keys } = await tenantFixture('migrating');
  await using folder = await temporaryFolderResource();
  const path = join(folder.path, 'orders.csv');
  const rows = Array.from({ length: 1_200 }, (_, id) => `o-${id},2026-11-01T10:00:00+01:00,"user, ${id % 7}",${id}.50`);
  await writeFile(path, ['id,time,customer,total', ...rows].join('\n'));
  for (const attempt of ['first', 'again']) {
    const lines = await runExample('migrate-csv.ts', [path, '--url', url, '--key', keys.ingest]);
    expect([attempt, ...lines]).toEqual([attempt, '1200 orders are stored, 0 rejected, 0 lost']);
  }
  const range = { from: '2026-11-01T00:00:00Z', to: '2026-11-02T00:00:00Z' };
  const { totals } = await createTidemark({ url, key: keys.viewer }).analytics.summary.query(range);
  expect(totals).toEqual({ events: 1_200, users: 7 });
});

test('middleware.ts: requests become events, the last ones as the process ends', async () => {
  const { keys } = await tenantFixture('serving');
  const onOutput = async (printed: string, child: ChildProcess) => {
    if (!printed.startsWith('http')) return;
    for (const path of ['/', '/missing?token=secret']) await (await fetch(`${printed.trim()}${path}`)).text();
    child.kill('SIGTERM');
  };
  const lines = await runExample('middleware.ts', ['--url', url, '--key', keys.ingest], {
    onOutput: (printed, child) => void onOutput(printed, child),
  });
  expect(lines.at(-1)).toBe('2 requests tracked');
  const { items } = await createTidemark({ url, key: keys.viewer }).events.list.query({ order: 'asc' });
  expect(items).toMatchObject([
    { type: 'request', device: 'server', properties: { method: 'GET', path: '/', status: 200 } },
    { type: 'request', device: 'server', properties: { method: 'GET', path: '/missing', status: 404 } },
  ]);
});
