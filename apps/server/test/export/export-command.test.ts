import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createTidemark, type Tidemark } from '@tidemark/client';
import type { EventInput } from '@tidemark/schemas';
import {
  databaseResource,
  type ServerResource,
  serverResource,
  type TemporaryFolder,
  temporaryFolderResource,
} from '@tidemark/testing';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { runCli } from '../cli/start-cli.ts';

// Every command here is a process of its own, and a loaded machine takes seconds to start one.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const stack = new AsyncDisposableStack();
let server: ServerResource;
let folder: TemporaryFolder;
beforeAll(async () => {
  const { url: databaseUrl } = stack.use(await databaseResource());
  server = stack.use(await serverResource({ databaseUrl }));
  folder = stack.use(await temporaryFolderResource());
});
afterAll(() => stack.disposeAsync());

type Tenant = { readonly client: Tidemark; readonly key: string };

async function createTenant(slug: string): Promise<Tenant> {
  const { url, platformKey } = server;
  const platform = createTidemark({ url, key: platformKey });
  const { id } = await platform.admin.tenants.create.mutate({ slug, name: slug });
  const acting = createTidemark({ url, key: platformKey, tenantId: id });
  const { secret } = await acting.admin.keys.create.mutate({ name: 'all', role: 'admin' });
  return { client: createTidemark({ url, key: secret }), key: secret };
}

const run = (command: string, { key }: Pick<Tenant, 'key'>, args: readonly string[], url = server.url) =>
  runCli([command, ...args], { cwd: folder.path, env: { TIDEMARK_URL: url, TIDEMARK_KEY: key } });

const EVENTS: EventInput[] = Array.from({ length: 700 }, (_, index) => ({
  id: crypto.randomUUID(),
  type: ['view', '=SUM(A1)', 'a,"b"\r\nc', "'tis"][index % 4] ?? 'view',
  occurredAt: new Date(Date.UTC(2026, 10, 10) + index * 60_000).toISOString(),
  userId: `user ${index % 9}`,
  properties: index % 2 === 0 ? {} : { text: 'ünï, "quoted"\n', list: [index, null] },
}));

async function summarize({ client }: Tenant) {
  const range = { from: '2026-11-10T00:00:00Z', to: '2026-11-12T00:00:00Z' };
  const { totals, series } = await client.analytics.summary.query({ ...range, interval: 'hour', groupBy: 'type' });
  return { totals, series };
}

test.each(['ndjson', 'csv'])('what is exported as %s is imported again, by the file’s name', async (format) => {
  const from = await createTenant(`from-${format}`);
  await from.client.events.ingest.mutate({ events: EVENTS });
  const file = `events.${format}`;
  const { code, stdout, stderr } = await run('export', from, ['--output', file]);
  expect({ code, stdout }, stderr).toEqual({ code: 0, stdout: '' });
  expect(stderr).toMatch(/ lines, [\d,]+ KiB\n$/);
  expect(await readdir(folder.path)).not.toContain(`${file}.partial`);

  const again = await run('import', from, [file, '--json']);
  expect(JSON.parse(again.stdout)).toMatchObject({ events: 700, accepted: 0, duplicates: 700 });
  const to = await createTenant(`to-${format}`);
  const fresh = await run('import', to, [file, '--json']);
  expect(JSON.parse(fresh.stdout), fresh.stderr).toMatchObject({ events: 700, accepted: 700, broken: { total: 0 } });
  expect(await summarize(to)).toEqual(await summarize(from));
  const list = ({ client }: Tenant) => client.events.list.query({ limit: 500, types: ['a,"b"\r\nc', "'tis"] });
  const [ours, theirs] = [await list(from), await list(to)];
  expect(theirs.items.map((event) => ({ ...event, receivedAt: '' }))).toEqual(
    ours.items.map((event) => ({ ...event, receivedAt: '' })),
  );
});

test('says from when on a range is kept that is not kept whole', async () => {
  const tenant = await createTenant('forgetful');
  const { retention } = tenant.client.admin;
  await retention.set.mutate({ rawDays: 2, rollupDays: null });
  await expect.poll(async () => (await retention.get.query()).rawFrom, { timeout: 20_000 }).not.toBeNull();
  const { rawFrom } = await retention.get.query();
  const { code, stdout, stderr } = await run('export', tenant, ['--range', '7d']);
  expect((await run('export', tenant, ['--last', '7d'])).code).toBe(1);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(/no longer kept so far back: ask for .* \(beyond_retention\): run it with --from/);
  const [, from = '', to = ''] = /--from (\S+) --to (\S+)\./.exec(stderr) ?? [];
  expect(from).toBe(rawFrom);
  expect((await run('export', tenant, ['--from', from, '--to', to])).code).toBe(0);
});

test('writes to standard output, filtered', async () => {
  const tenant = await createTenant('filtered');
  await tenant.client.events.ingest.mutate({ events: EVENTS });
  const range = ['--from', '2026-11-10T00:00:00Z', '--to', '2026-11-10T02:00:00Z'];
  const { code, stdout } = await run('export', tenant, [...range, '--type', 'view', "'tis", '--user', 'user 3']);
  expect(code).toBe(0);
  const expected = EVENTS.slice(0, 120).filter(
    ({ type, userId }) => ['view', "'tis"].includes(type) && userId === 'user 3',
  );
  expect(
    stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).id),
  ).toEqual(expected.map(({ id }) => id));
});

test('leaves no file behind that is not whole', async () => {
  const nobody = await run('export', { key: 'tmk_viewer_wrong' }, ['--output', 'refused.ndjson']);
  expect(nobody).toMatchObject({ code: 1, stdout: '' });
  expect(nobody.stderr).toContain('unauthenticated');
  const { key } = await createTenant('refused');
  expect(await run('export', { key }, ['--output', 'refused.csv', '--from', 'now'])).toMatchObject({ code: 2 });

  await using half = createServer((_request, response) => {
    response.writeHead(200);
    response.write('{"id":1}\n', () => response.destroy());
  }).listen(0, '127.0.0.1');
  await once(half, 'listening');
  const url = `http://127.0.0.1:${(half.address() as AddressInfo).port}`;
  const broken = await run('export', { key }, ['--output', 'broken.ndjson'], url);
  expect(broken.code).toBe(1);
  expect(broken.stderr).toContain('broke off');
  expect((await readdir(folder.path)).filter((name) => /refused|broken/.test(name))).toEqual([]);
});

test('asks for nothing that it has no place for', async () => {
  const placeless = await run('export', { key: 'wrong' }, ['--output', join('nowhere', 'events.ndjson')]);
  expect(placeless).toMatchObject({ code: 1, stdout: '' });
  expect(placeless.stderr).toContain('nowhere/events.ndjson.partial cannot be written: its folder is not there.');
});

test('does not touch a file that was there until the new one is whole', async () => {
  const tenant = await createTenant('kept');
  await tenant.client.events.ingest.mutate({ events: EVENTS.slice(0, 3) });
  expect((await run('export', tenant, ['--output', 'kept.ndjson'])).code).toBe(0);
  const before = await readFile(join(folder.path, 'kept.ndjson'), 'utf8');
  expect((await run('export', { key: 'wrong' }, ['--output', 'kept.ndjson'])).code).toBe(1);
  expect(await readFile(join(folder.path, 'kept.ndjson'), 'utf8')).toBe(before);
});
