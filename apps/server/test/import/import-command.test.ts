import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTidemark, type Tidemark } from '@tidemark/client';
import type { Credentials } from '@tidemark/schemas';
import { databaseResource, type ServerResource, serverResource, temporaryFolderResource } from '@tidemark/testing';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createProgram } from '../../src/cli/program.ts';
import { type CliOptions, runCli, startCli } from '../cli/start-cli.ts';

const FIXTURES = join(import.meta.dirname, '../fixtures');
const LOG = join(FIXTURES, 'combined.txt');
const WEEK = { from: '2024-02-26T00:00:00Z', to: '2024-03-04T00:00:00Z', interval: 'day' } as const;

// Every import here is a process of its own, and a loaded machine takes seconds to start one.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const stack = new AsyncDisposableStack();
let server: ServerResource;
let folder: string;

beforeAll(async () => {
  const { url: databaseUrl } = stack.use(await databaseResource());
  server = stack.use(await serverResource({ databaseUrl }));
  folder = stack.use(await temporaryFolderResource()).path;
  const { url: api, platformKey } = server;
  const credentials: Credentials = { api, dashboard: api, signInUrl: api, platformKey, tenants: [] };
  await mkdir(join(folder, '.tidemark'));
  await writeFile(join(folder, '.tidemark/credentials.json'), JSON.stringify(credentials));
});
afterAll(() => stack.disposeAsync());

/** A tenant of the test's own, to import into and to ask. */
async function createTenant(slug: string): Promise<Tidemark> {
  const { url, platformKey: key } = server;
  const { id } = await createTidemark({ url, key }).admin.tenants.create.mutate({ slug, name: slug });
  return createTidemark({ url, key, tenantId: id });
}

const runImport = (args: readonly string[], options: Partial<CliOptions> & { input?: Uint8Array } = {}) =>
  runCli(['import', ...args], { cwd: folder, ...options });

async function importJson(args: readonly string[], input?: Uint8Array) {
  const { code, stdout } = await runImport([...args, '--json'], input === undefined ? {} : { input });
  return { code, report: JSON.parse(stdout) };
}

test('a log comes out as it was counted by hand, and importing it again adds nothing', async () => {
  const tenant = await createTenant('by-hand');
  const first = await importJson([LOG, '--format', 'combined', '--tenant', 'by-hand']);
  expect(first).toMatchObject({
    code: 0,
    report: { status: 'complete', lines: 20, events: 16, accepted: 16, duplicates: 0 },
  });
  expect(first.report.rejected).toEqual({ total: 0, reasons: [] });
  expect(first.report.broken).toEqual({
    total: 3,
    first: [
      { input: LOG, line: 8, reason: 'no [time] in it' },
      { input: LOG, line: 13, reason: 'no log time: [31/Feb/2024:12:00:02 +0000]' },
      { input: LOG, line: 19, reason: 'no status and size behind the "request"' },
    ],
  });

  const again = await Promise.all([
    importJson([join(FIXTURES, 'combined.gz'), '--format', 'combined', '--tenant', 'by-hand']),
    importJson(['-', '--format', 'combined', '--tenant', 'by-hand'], await readFile(LOG)),
  ]);
  for (const { code, report } of again) {
    expect({ code, ...report }).toMatchObject({ code: 0, events: 16, accepted: 0, duplicates: 16 });
  }

  const { series, totals } = await tenant.analytics.summary.query({ ...WEEK, groupBy: 'type', fresh: true });
  const days = series.filter(({ events }) => events > 0);
  // Counted by reading the fixture: line 6 is still the 29th in UTC, line 7 already the 1st.
  expect(days.map(({ start, events, users }) => ({ day: start.slice(0, 10), events, users }))).toEqual([
    { day: '2024-02-29', events: 6, users: 3 },
    { day: '2024-03-01', events: 10, users: 7 },
  ]);
  expect(totals).toMatchObject({ events: 16, users: 8 });
  expect(Object.fromEntries((totals.groups ?? []).map(({ key, events }) => [key, events]))).toEqual({
    page_view: 8,
    asset: 4,
    error: 2,
    redirect: 1,
    request: 1,
  });

  // Latin-1 and a NUL in the log; a virtual host, a user's name and a phone.
  const odd = await tenant.events.list.query({ userId: '203.0.113.11', order: 'asc' });
  expect(odd.items.map(({ properties }) => properties)).toEqual([
    expect.objectContaining({ path: '/café', status: 200, bytes: 700 }),
    expect.objectContaining({ path: '/', userAgent: 'Half\uFFFDan agent' }),
  ]);
  const [cart] = (await tenant.events.list.query({ devices: ['mobile'] })).items;
  expect(cart).toMatchObject({ userId: '203.0.113.9', properties: { host: 'shop.example', remoteUser: 'ada' } });
});

test('a log that has grown since, cut into pieces, adds only what is new', async () => {
  const tenant = await createTenant('grown');
  const lines = (await readFile(LOG, 'latin1')).split('\n');
  const write = async (name: string, part: string[]) => {
    await writeFile(join(folder, name), `${part.join('\n')}\n`, 'latin1');
  };
  // The cut is between lines 3 and 4, which are the same.
  await write('grown.log', lines.slice(0, 3));
  await write('grown.log.1', lines.slice(0, 3));
  await write('grown.log.2', lines.slice(3));
  const early = await importJson(['grown.log', '--tenant', 'grown']);
  expect(early.report).toMatchObject({ accepted: 3, duplicates: 0 });
  const whole = await importJson(['grown.log.2', 'grown.log.1', '--tenant', 'grown']);
  expect(whole.report).toMatchObject({ accepted: 13, duplicates: 3 });
  const { totals } = await tenant.analytics.summary.query({ ...WEEK, fresh: true });
  expect(totals).toMatchObject({ events: 16, users: 8 });
});

test('events as NDJSON are stored once, and what the server refuses is told with its reason', async () => {
  const tenant = await createTenant('events');
  const file = join(FIXTURES, 'events.ndjson');
  const first = await importJson([file, '--tenant', 'events']);
  expect(first).toMatchObject({ code: 3, report: { lines: 7, events: 5, accepted: 4, rejected: { total: 1 } } });
  expect(first.report.rejected.reasons).toEqual([
    expect.objectContaining({ code: 'invalid_field', path: 'device', count: 1, input: file, line: 6 }),
  ]);
  expect(first.report.broken.first.map(({ line }: { line: number }) => line)).toEqual([5, 7]);
  expect((await importJson([file, '--tenant', 'events'])).report).toMatchObject({ accepted: 0, duplicates: 4 });
  const { totals } = await tenant.analytics.summary.query({ ...WEEK, fresh: true });
  expect(totals).toMatchObject({ events: 4, users: 1 });
});

test('the key of a tenant does, from flags or from the environment', async () => {
  const tenant = await createTenant('own-key');
  const { secret: key } = await tenant.admin.keys.create.mutate({ name: 'import', role: 'ingest' });
  const args = [LOG, '--format', 'combined'];
  const byFlag = await runImport([...args, '--url', server.url, '--key', key]);
  expect(byFlag).toMatchObject({ code: 0, stderr: '' });
  expect(byFlag.stdout).toMatch(/accepted +16\n/);
  const byEnvironment = await runImport(args, { env: { TIDEMARK_URL: server.url, TIDEMARK_KEY: key } });
  expect(byEnvironment).toMatchObject({ code: 0, stderr: '' });
  expect(byEnvironment.stdout).toMatch(/duplicates +16 /);
});

test('a key that may not write stops the import, in the words of the server', async () => {
  const tenant = await createTenant('read-only');
  const { secret: key } = await tenant.admin.keys.create.mutate({ name: 'look', role: 'viewer' });
  const { code, stdout } = await runImport([LOG, '--format', 'combined', '--url', server.url, '--key', key]);
  expect(code).toBe(1);
  expect(stdout).toMatch(/Stopped: .*events:write.*\(forbidden\)/);
});

test('an unknown tenant is refused with those there are, or created on demand', async () => {
  await createTenant('known');
  const args = [LOG, '--format', 'combined', '--tenant', 'unknown'];
  const refused = await runImport(args);
  expect(refused).toMatchObject({ code: 1, stdout: '' });
  expect(refused.stderr).toMatch(
    /^tidemark: there is no tenant "unknown" \(there are: .*known.*\).*--create-tenant.*\n$/,
  );
  expect(await runImport([...args, '--create-tenant'])).toMatchObject({ code: 0, stderr: '' });
});

test('a dry run reads and needs no server, and a file of another format is not taken for done', async () => {
  const nowhere = ['--dry-run', '--url', 'http://127.0.0.1:1'];
  const [right, wrong] = await Promise.all([
    runImport([LOG, '--format', 'combined', ...nowhere]),
    runImport([LOG, '--format', 'ndjson', ...nowhere]),
  ]);
  expect(right.code).toBe(0);
  expect(right.stdout).toMatch(/readable +16 .*\n +broken +3\n/);
  expect(wrong.code).toBe(3);
  expect(wrong.stdout).toContain('is --format right?');
});

test('what makes no sense is refused before anything is sent', async () => {
  const refusal = (...args: string[]) => createProgram().parseAsync(['import', ...args], { from: 'user' });
  const usage = (message: string) =>
    expect.objectContaining({ exitCode: 2, message: expect.stringContaining(message) });
  await expect(refusal('-', '--dry-run')).rejects.toEqual(usage('add --format'));
  await expect(refusal('a.log', 'a.log')).rejects.toEqual(usage('named twice'));
  await expect(refusal(LOG, '--format', 'combined', '--url', 'nowhere', '--key', 'x')).rejects.toEqual(usage('no URL'));
});

test('a mistake is one line on standard error, and a code', async () => {
  const [missing, unknown] = await Promise.all([
    runImport(['no-such.log', '--dry-run']),
    runImport([LOG, '--format', 'xml']),
  ]);
  expect(missing).toEqual({ code: 1, stdout: '', stderr: 'tidemark: there is no file no-such.log\n' });
  expect(unknown).toEqual({ code: 2, stdout: '', stderr: expect.stringContaining('combined, ndjson') });
});

test('Ctrl-C ends with a report, and running it again goes on', async () => {
  const tenant = await createTenant('interrupted');
  const args = ['-', '--format', 'combined', '--tenant', 'interrupted', '--batch-size', '1'];
  const log = await readFile(LOG);
  const { child, result } = startCli(['import', ...args], { cwd: folder });
  child.stdin?.write(log);
  await vi.waitFor(
    async () => {
      const { items } = await tenant.events.list.query({});
      expect(items.length).toBeGreaterThan(0);
    },
    { timeout: 60_000, interval: 100 },
  );
  child.kill('SIGINT');
  const { code, stdout } = await result;
  expect(code).toBe(130);
  expect(stdout).toContain('Run the same command again to go on');
  expect(await importJson(args, log)).toMatchObject({ code: 0, report: { events: 16, rejected: { total: 0 } } });
  const { totals } = await tenant.analytics.summary.query({ ...WEEK, fresh: true });
  expect(totals).toMatchObject({ events: 16, users: 8 });
});
