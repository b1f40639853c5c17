import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTidemark, type Tidemark } from '@tidemark/client';
import {
  databaseResource,
  type ServerResource,
  serverResource,
  type TemporaryFolder,
  temporaryFolderResource,
} from '@tidemark/testing';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { runCli, startCli } from './start-cli.ts';

// Every command here is a process of its own, and a loaded machine takes seconds to start one.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const stack = new AsyncDisposableStack();
let server: ServerResource;
let folder: TemporaryFolder;
let acme: Tidemark;

/** A folder as a started server leaves it, whose tenant `acme` has three events. */
beforeAll(async () => {
  const { url: databaseUrl } = stack.use(await databaseResource());
  server = stack.use(await serverResource({ databaseUrl }));
  folder = stack.use(await temporaryFolderResource());
  const { url, platformKey } = server;
  const platform = createTidemark({ url, key: platformKey });
  const { id } = await platform.admin.tenants.create.mutate({ slug: 'acme', name: 'Acme' });
  acme = createTidemark({ url, key: platformKey, tenantId: id });
  const keys = {
    admin: await createKey('admin'),
    viewer: await createKey('viewer'),
    ingest: await createKey('ingest'),
  };
  const credentials = { api: url, dashboard: url, signInUrl: url, platformKey, tenants: [{ slug: 'acme', id, keys }] };
  await writeFile(join(folder.path, 'credentials.json'), JSON.stringify(credentials), { mode: 0o600 });
  await acme.events.ingest.mutate({
    events: [
      { type: 'signup', userId: 'ada', device: 'desktop', properties: { plan: 'pro' } },
      { type: 'view', userId: 'ada', properties: { plan: 'pro' } },
      { type: 'view', userId: 'grace', properties: { plan: 'free' } },
    ],
  });
});
afterAll(() => stack.disposeAsync());

async function createKey(role: 'admin' | 'viewer' | 'ingest'): Promise<string> {
  return (await acme.admin.keys.create.mutate({ name: role, role })).secret;
}

const toOptions = () => ({ cwd: folder.path, env: { TIDEMARK_DATA_DIR: folder.path } });

/** Runs a command as typed, its words between blanks, and gives what it printed and ended with. */
const run = async (words: string, ...more: readonly string[]) => runCli([...words.split(' '), ...more], toOptions());

test('query: as a table, JSON, CSV and a line', async () => {
  const [table, json, csv, line] = await Promise.all([
    run('query summary --group-by type --compare --where plan=pro'),
    run('query summary --range 1h --json'),
    run('query summary --interval hour --format csv'),
    run('query summary --format sparkline --group-by device'),
  ]);
  expect(table.stdout).toMatch(/^hour +events +users\n/);
  expect(table.stdout).toMatch(/^group +events +users +change\nsignup +1 +1 +new\nview +1 +1 +new\n/m);
  expect(table.stdout).toMatch(/\n2 events by 1 user, new \(0 events before\)\nexact · from \w+ · as of /);
  expect(JSON.parse(json.stdout)).toMatchObject({ totals: { events: 3, users: 2 }, meta: { exact: true } });
  expect(csv.stdout).toMatch(/^start,end,events,users\r\n2\d{3}-/);
  expect(csv.stdout.split('\r\n').at(-2)).toMatch(/Z,3,2$/);
  expect(line.stdout).toMatch(/^▁+█ {2}3 events by 2 users\n▁+█ {2}\(none\): 2 events\n▁+█ {2}desktop: 1 event\n/);
});

test('query breakdown: ranks, and says what is beyond the limit', async () => {
  const { stdout, stderr } = await run('query breakdown --by property:plan --limit 1');
  expect(stdout).toBe('property:plan  events  users  share\npro                 2      1  66.7 %\n');
  expect(stderr).toMatch(/^1 more with 1 events by 1 users\nexact · /);
});

test('check: 0 where it holds, 1 where not, 2 where it cannot be told', async () => {
  const [holds, not, nothing, nonsense, nobody] = await Promise.all([
    run('check --range 1h', 'view >= 2 * signup'),
    run('check --range 1h --json', 'view.users > 2'),
    run('check', 'view / gone > 1'),
    run('check', 'view >'),
    run('check --url http://127.0.0.1:9 --key none', 'view > 1'),
  ]);
  expect(holds.stdout).toBe(
    'holds: view >= 2 * signup\n  2 against 2; "view" events: 2 now, 0 before, "signup" events: 1 now, 0 before\n',
  );
  expect(JSON.parse(not.stdout)).toMatchObject({ holds: false, left: 2, right: 2 });
  expect(nothing.stderr).toMatch(/^tidemark: cannot be decided: it divides by nothing/);
  expect(nobody.stderr).toMatch(/^tidemark: there is no server at http:\/\/127\.0\.0\.1:9: /);
  expect([holds, not, nothing, nonsense, nobody].map(({ code }) => code)).toEqual([0, 1, 2, 2, 2]);
});

test('tail and watch follow, and end when they are told to', async () => {
  const tail = startCli('tail --type order --count 1 --json'.split(' '), toOptions());
  const watch = startCli('watch --type order --count 2'.split(' '), toOptions());
  let heard = '';
  const { promise, resolve } = Promise.withResolvers<void>();
  watch.child.stdout?.on('data', (text: string) => {
    heard += text;
    resolve();
  });
  await promise;
  // The tail begins at what is stored when it connects, so the event comes again until it has ended.
  const sending = setInterval(
    () => void acme.events.ingest.mutate({ events: [{ type: 'order', userId: 'ada' }] }),
    200,
  );
  const [tailed, watched] = await Promise.all([tail.result, watch.result]);
  clearInterval(sending);
  expect(heard).toMatch(/^2.*Z {2}0 events by 0 users\n/);
  expect(watched.stdout).toMatch(/\n2.*Z {2}\d+ events? by 1 user\n$/);
  expect(JSON.parse(tailed.stdout)).toMatchObject({ type: 'order', userId: 'ada' });
  expect([tailed.code, watched.code]).toEqual([0, 0]);
});

test('health and doctor: nothing is wrong; without a server the doctor says what to do', async () => {
  const [health, doctor, ill, tail] = await Promise.all([
    run('health'),
    run('doctor --json'),
    run('doctor --url http://127.0.0.1:9 --key none'),
    run('tail --url http://127.0.0.1:9 --key none'),
  ]);
  // Whether all is well, or a server this busy needs a look, the machine decides; not that it is said the same way twice.
  const [, status] = /^(ok|degraded)\n/.exec(health.stdout) ?? [];
  expect(status).toBeDefined();
  expect(health.code).toBe(status === 'ok' ? 0 : 1);
  const findings = JSON.parse(doctor.stdout) as { what: string; state: string }[];
  expect(findings.filter(({ state }) => state === 'bad')).toEqual([]);
  const careful = findings.filter(({ state }) => state === 'careful').map(({ what }) => what);
  expect(['PostgreSQL', 'load', 'fold']).toEqual(expect.arrayContaining(careful));
  expect(findings.filter(({ state }) => state === 'unknown')).toMatchObject([{ what: 'schema' }]);
  expect(findings.map(({ what }) => what)).toEqual(
    expect.arrayContaining(['credentials', 'server', 'clocks', 'key', 'PostgreSQL', 'question', 'stream']),
  );
  expect(ill.stdout).toMatch(/✗ server +http:\/\/127\.0\.0\.1:9 does not answer: .*\n +→ Start it/);
  expect(ill.code).toBe(1);
  expect(tail).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^tidemark: there is no server at .*: start one/),
  });
});

test('keys, limits, retention and tenants: what is changed is seen', async () => {
  const [created, limits, retention, tenant, wrong] = await Promise.all([
    run('keys create reporting --role viewer'),
    run('limits set analytics=321'),
    run('retention set --raw 30 --rollups forever'),
    run('tenants create other --time-zone Asia/Kathmandu --format csv'),
    run('retention preview --raw 30 --rollups 10'),
  ]);
  expect(created.stdout).toMatch(/^tmk_viewer_\S+\n$/);
  expect(limits.stdout).toMatch(/^analytics +– +– +1,605 .* own$/m);
  expect(retention.stdout).toMatch(/^rollups +forever /m);
  expect(tenant.stdout).toMatch(/^other,other,Asia\/Kathmandu,/m);
  expect(wrong.code).toBe(2);
  const { stdout } = await run('keys list --json');
  const { id } = (JSON.parse(stdout) as { id: string; name: string }[]).find(({ name }) => name === 'reporting') ?? {};
  expect((await run(`keys revoke ${id}`)).stderr).toMatch(/^reporting is revoked since 2/);
  expect((await run('query summary --key', created.stdout.trim())).stderr).toContain('(unauthenticated)');
});

test('seed fills a tenant, and the same seed adds nothing', async () => {
  await createTidemark({ url: server.url, key: server.platformKey }).admin.tenants.create.mutate({
    slug: 'seeded',
    name: 'Seeded',
  });
  const seed = 'seed --tenant seeded --events 2000 --days 2 --seed demo --json';
  const [first, again] = [await run(seed), await run(seed)];
  expect(JSON.parse(first.stdout)).toMatchObject({ accepted: 2_000, duplicate: 0 });
  // In the first seconds of an hour the second run may be of the next one, and makes other events.
  expect(JSON.parse(again.stdout)).toMatchObject({ total: 2_000, rejected: 0 });
  expect((await run('query summary --tenant seeded --range 7d')).stdout).toMatch(/\n[24],000 events by \d+ users\n/);
});

test('among several tenants one has to be named, but for what is not about any', async () => {
  await using crowded = await temporaryFolderResource();
  const { tenants, ...credentials } = JSON.parse(await readFile(join(folder.path, 'credentials.json'), 'utf8'));
  const both = [...tenants, { ...tenants[0], slug: 'globex' }];
  const text = JSON.stringify({ ...credentials, tenants: both });
  await writeFile(join(crowded.path, 'credentials.json'), text, { mode: 0o600 });
  const options = { cwd: crowded.path, env: { TIDEMARK_DATA_DIR: crowded.path } };
  const [health, limits] = await Promise.all([runCli(['health'], options), runCli(['limits', 'get'], options)]);
  expect(health).toMatchObject({ stdout: expect.stringMatching(/^(?:ok|degraded)\n/), stderr: '' });
  expect(limits).toMatchObject({
    code: 2,
    stderr: expect.stringContaining(
      'name the tenant with --tenant <slug>, or give a key with --key. Known here: acme, globex.',
    ),
  });
});

test('the local keys stay with the local server, and mistakes say the next step', async () => {
  const [elsewhere, unknown, forbidden] = await Promise.all([
    run('health --url http://127.0.0.2:9'),
    run('query summary --tenant nobody'),
    run('keys list --key', await createKey('viewer')),
  ]);
  expect(elsewhere.stderr).toMatch(
    /^tidemark: found no credentials for http:\/\/127\.0\.0\.2:9 in .*--url and --key\.\n$/,
  );
  expect(unknown.stderr).toMatch(/there is no tenant "nobody" \(there are: acme.*\)/);
  expect(forbidden.stderr).toMatch(/[^.] \(forbidden\): use a key that may/);
});
