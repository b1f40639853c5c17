import { createTidemark } from '@tidemark/client';
import { createdKeySchema, healthSchema, type LimitClass, limitsSchema, tenantSchema } from '@tidemark/schemas';
import { databaseResource, describeWithRedisServer, RedisServer, serverResource } from '@tidemark/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ContractServer, contractServer } from './contract-server.ts';
import { dataOf, expectInvalid, expectRefusal } from './expectations.ts';
import { type Answer, HttpCaller, toQueryPath } from './http-caller.ts';

const SUMMARY = { last: '24h' } as const;
const EVENT = { events: [{ type: 'view' }] };

const DASHBOARD_TOKEN = 'shared-by-the-two-of-them';

let api: ContractServer;
beforeAll(async () => {
  const limits = 'analytics=3/60,eventWrites=2/60,eventReads=2/60,general=20/900,health=4/60,attempts=3/60';
  api = await contractServer({
    env: { TIDEMARK_LIMITS: limits, TIDEMARK_TRUSTED_PROXIES: '1', TIDEMARK_DASHBOARD_TOKEN: DASHBOARD_TOKEN },
  });
});
afterAll(() => api[Symbol.asyncDispose]());

/** What is left, as the header says it. */
function leftOf({ headers }: Pick<Answer, 'headers'>): string | null {
  return headers.get('ratelimit')?.replace(/;t=\d+$/, '') ?? null;
}

async function repeat<Result>(times: number, call: () => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for (let time = 0; time < times; time += 1) results.push(await call());
  return results;
}

test('says with each answer what is left, and refuses with a time to come again what is beyond', async () => {
  const { admin } = await api.createTenant();
  const answers = await repeat(4, () => admin.query('analytics.summary', SUMMARY));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429]);
  expect(answers.map(leftOf)).toEqual([2, 1, 0, 0].map((left) => `"analytics";r=${left}`));
  for (const { headers } of answers) {
    expect(headers.get('ratelimit-policy')).toBe('"analytics";q=3;w=60');
    expect(headers.get('ratelimit')).toMatch(/^"analytics";r=\d;t=(?:[1-9]|[1-5]\d|60)$/);
  }
  const [refused] = answers.slice(-1) as [Answer];
  const { evidence } = expectRefusal(refused, 'rate_limited');
  expect(evidence).toMatchObject({ class: 'analytics', of: 'key', limit: 3, windowMs: 60_000 });
  expect(evidence.retryAfterMs).toBeGreaterThan(1_000);
  expect(evidence.retryAfterMs).toBeLessThanOrEqual(60_000);
  expect(refused.headers.get('retry-after')).toBe(String(Math.ceil(Number(evidence.retryAfterMs) / 1_000)));
});

type Call = (caller: HttpCaller) => Promise<Answer>;
test.each<[LimitClass, number, Call]>([
  ['analytics', 3, (caller) => caller.query('analytics.breakdown', { ...SUMMARY, by: 'type' })],
  ['eventWrites', 2, (caller) => caller.post('events.ingest', EVENT)],
  ['eventReads', 2, (caller) => caller.query('events.list', {})],
  ['eventReads', 2, (caller) => caller.send('/export/events.ndjson?last=24h')],
  ['health', 4, (caller) => caller.query('admin.health')],
])('charges %s by itself: %i calls, each of them, refused ones of bad input too', async (limitClass, budget, call) => {
  const { admin } = await api.createTenant();
  const answers = await repeat(budget + 1, () => call(admin));
  expect(answers.map(({ status }) => status)).toEqual([...Array.from({ length: budget }, () => 200), 429]);
  const last = answers.at(-1) as Answer;
  expect(leftOf(last)).toBe(`"${limitClass}";r=0`);
  expect(last.headers.get('retry-after')).toMatch(/^\d+$/);
  expect((await admin.query('admin.keys.list')).status).toBe(200);
});

test('charges what cannot be read as well', async () => {
  const { admin } = await api.createTenant();
  const answers = await repeat(4, () => admin.query('analytics.summary', { last: 'year' }));
  expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 429]);
});

test('charges every call of a batch, and tells of the one that is nearest to its end', async () => {
  const { admin } = await api.createTenant();
  const inputs = encodeURIComponent(JSON.stringify({ 0: SUMMARY, 1: SUMMARY, 2: {}, 3: SUMMARY, 4: SUMMARY }));
  const paths = 'analytics.summary,analytics.summary,events.list,analytics.summary,analytics.summary';
  const path = `/trpc/${paths}?batch=1&input=${inputs}`;
  const batch = await admin.send(path);
  const refusals = (batch.body as { error?: { data: { code: string } } }[]).map(({ error }) => error?.data.code);
  expect(refusals).toEqual([undefined, undefined, undefined, undefined, 'rate_limited']);
  expect(leftOf(batch)).toBe('"analytics";r=0');
  expect(batch.headers.get('retry-after')).not.toBeNull();
});

test('a streamed batch says in its headers what its calls are charged', async () => {
  const { admin } = await api.createTenant();
  const inputs = encodeURIComponent(JSON.stringify({ 0: SUMMARY, 1: {} }));
  const path = `/trpc/analytics.summary,events.list?batch=1&input=${inputs}`;
  const headers = { ...admin.headers, 'trpc-accept': 'application/jsonl' };
  const answers = await repeat(3, async () => {
    const response = await fetch(`${admin.url}${path}`, { headers });
    return { left: leftOf(response), isRefused: (await response.text()).includes('"rate_limited"') };
  });
  expect(answers).toEqual([
    { left: '"eventReads";r=1', isRefused: false },
    { left: '"eventReads";r=0', isRefused: false },
    { left: '"eventReads";r=0', isRefused: true },
  ]);
});

test('charges a stream once, when it begins', async () => {
  const { admin } = await api.createTenant();
  for (const left of [2, 1, 0]) {
    const ending = new AbortController();
    const url = `${admin.url}${toQueryPath('analytics.watch', SUMMARY)}`;
    const answer = await fetch(url, { headers: admin.headers, signal: ending.signal });
    expect(leftOf(answer)).toBe(`"analytics";r=${left}`);
    ending.abort();
  }
  expectRefusal(await admin.query('analytics.summary', SUMMARY), 'rate_limited');
});

test('a key and each session signed in with it have their own, up to what their tenant has', async () => {
  const tenant = await api.createTenant();
  const callers = await Promise.all(Array.from({ length: 6 }, () => tenant.caller('viewer')));
  const statuses: number[][] = [];
  for (const caller of callers) {
    const answers = await repeat(3, () => caller.query('analytics.summary', SUMMARY));
    statuses.push(answers.map(({ status }) => status));
  }
  // Five times what one key has.
  expect(statuses).toEqual([...Array.from({ length: 5 }, () => [200, 200, 200]), [429, 429, 429]]);
  const refused = await (callers[5] as HttpCaller).query('analytics.summary', SUMMARY);
  expect(expectRefusal(refused, 'rate_limited').evidence).toMatchObject({ of: 'tenant', limit: 15 });
  expect(leftOf(refused)).toBe('"analytics-tenant";r=0');
  const { admin: other } = await api.createTenant();
  expect((await other.query('analytics.summary', SUMMARY)).status).toBe(200);
});

test('never refuses the platform, nor counts its calls against a tenant', async () => {
  const { id, admin } = await api.createTenant();
  const acting = api.platform.with({ 'x-tenant-id': id });
  const answers = await repeat(20, () => acting.query('analytics.summary', SUMMARY));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  expect(leftOf(answers[0] as Answer)).toBeNull();
  expect((await repeat(10, () => acting.query('admin.health'))).every(({ status }) => status === 200)).toBe(true);
  expect(dataOf(await admin.query('admin.limits.get'), limitsSchema).classes.analytics?.tenant.used).toBe(0);
});

test('shows a tenant its limits and how far they are used; the platform changes them, at once', async () => {
  const { id, admin, caller } = await api.createTenant();
  const reader = await caller('admin');
  await repeat(2, () => reader.query('analytics.summary', SUMMARY));
  expectRefusal(await (await caller('viewer')).query('admin.limits.get'), 'forbidden');
  const limits = dataOf(await reader.query('admin.limits.get'), limitsSchema);
  expect(limits.state).toBe('in-process');
  expect(limits.classes.analytics).toMatchObject({
    windowMs: 60_000,
    isOverridden: false,
    key: { budget: 3, used: 2 },
    tenant: { budget: 15, used: 2 },
  });
  expect(dataOf(await admin.query('admin.limits.get'), limitsSchema).classes.analytics?.key?.used).toBe(0);

  const acting = api.platform.with({ 'x-tenant-id': id });
  expectRefusal(await admin.post('admin.limits.set', { analytics: 10 }), 'forbidden');
  await repeat(2, () => reader.query('analytics.summary', SUMMARY));
  expectRefusal(await reader.query('analytics.summary', SUMMARY), 'rate_limited');
  const raised = dataOf(await acting.post('admin.limits.set', { analytics: 4, eventReads: 1 }), limitsSchema);
  expect(raised.classes.analytics).toMatchObject({ isOverridden: true, key: null, tenant: { budget: 20 } });
  expect((await reader.query('analytics.summary', SUMMARY)).headers.get('ratelimit-policy')).toContain(';q=4;');
  const [allowed, refused] = await repeat(2, () => reader.query('events.list', {}));
  expect([allowed?.status, refused?.status]).toEqual([200, 429]);
  await acting.post('admin.limits.set', { eventReads: null });
  expect((await reader.query('events.list', {})).headers.get('ratelimit-policy')).toContain(';q=2;');

  expectInvalid(await acting.post('admin.limits.set', {}), '');
  expectInvalid(await acting.post('admin.limits.set', { analytics: 0 }), 'analytics');
  expectInvalid(await acting.post('admin.limits.set', { other: 1 }), '');
});

test('a budget that was changed for a tenant goes for all that its keys call, whether it is about the tenant or about them', async () => {
  const { id, admin } = await api.createTenant();
  await api.platform.with({ 'x-tenant-id': id }).post('admin.limits.set', { general: 5 });
  const calls = ['admin.keys.list', 'admin.sessions.list', 'admin.sessions.current', 'admin.retention.get'];
  const answers: Answer[] = [];
  for (const call of calls) answers.push(await admin.query(call));
  answers.push(await admin.query('admin.audit.list', {}), await admin.query('admin.audit.list', {}));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 429]);
  for (const { headers } of answers) expect(headers.get('ratelimit-policy')).toBe('"general";q=5;w=900');
});

describe('whoever tries keys', () => {
  const from = (address: string, key = 'tmk_viewer_wrong') =>
    api.anyone.with({ 'x-forwarded-for': address }).withKey(key);

  test('is slowed by address, and keys that are known get in all the same', async () => {
    const { admin } = await api.createTenant();
    const known = admin.with({ 'x-forwarded-for': '192.0.2.1' });
    expect((await known.query('admin.health')).status).toBe(200);
    const answers = await repeat(5, () => from('192.0.2.1').query('events.list', {}));
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 429, 429]);
    const { evidence } = expectRefusal(answers[4] as Answer, 'rate_limited');
    expect(evidence).toEqual({ class: 'attempts', retryAfterMs: expect.any(Number) as number });
    expect((await known.query('admin.health')).status).toBe(200);
    expectRefusal(await from('192.0.2.2').query('events.list', {}), 'unauthenticated');
  });

  test('is slowed at the sign-in as well, with keys and with codes', async () => {
    const { admin } = await api.createTenant();
    const signIn = (input: object) => from('192.0.2.3').post('admin.sessions.create', input);
    const key = /^Bearer (.*)$/.exec(admin.headers.authorization ?? '')?.[1];
    expect(new Set((await repeat(6, () => signIn({ key }))).map(({ status }) => status))).toEqual(new Set([200]));
    const codes = await repeat(2, () => signIn({ code: 'wrong' }));
    const keys = await repeat(3, () => signIn({ key: 'wrong' }));
    expect([...codes, ...keys].map(({ status }) => status)).toEqual([401, 401, 401, 429, 429]);
  });

  test('is charged for what cannot be read as well', async () => {
    const answers: Answer[] = [];
    for (const input of [{}, { key: '' }, 'key', { code: 'wrong' }]) {
      answers.push(await from('192.0.2.7').post('admin.sessions.create', input));
    }
    expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 429]);
  });

  test('does not get around it by what they write into the header themselves', async () => {
    const answers: Answer[] = [];
    for (let time = 0; time < 5; time += 1) {
      answers.push(await from(`203.0.113.${time}, 192.0.2.4`).query('events.list', {}));
    }
    expect(answers.at(-1)?.status).toBe(429);
  });

  test('is told from others by the dashboard, where it proves that it is one', async () => {
    const statusesBy = async (token: string) =>
      await repeat(4, async () => {
        const passed = from('192.0.2.5, 203.0.113.1').with({ 'x-tidemark-dashboard': token });
        return (await passed.query('events.list', {})).status;
      });
    expect(await statusesBy(DASHBOARD_TOKEN)).toEqual([401, 401, 401, 429]);
    // It is another address that this one is charged to: that of the proxy.
    expect(await statusesBy('guessed-by-a-stranger')).toEqual([401, 401, 401, 429]);
    const beside = from('192.0.2.6, 203.0.113.1').with({ 'x-tidemark-dashboard': DASHBOARD_TOKEN });
    expect((await beside.query('events.list', {})).status).toBe(401);
  });
});

/** Makes a tenant and returns its id. */
async function createTenant(platform: HttpCaller, slug: string): Promise<string> {
  return dataOf(await platform.post('admin.tenants.create', { slug, name: slug }), tenantSchema).id;
}

/** Makes a viewer's key and returns its secret. */
async function createKey(acting: HttpCaller): Promise<string> {
  return dataOf(await acting.post('admin.keys.create', { name: 'key', role: 'viewer' }), createdKeySchema).secret;
}

test('the typed client waits out a limit by itself', async () => {
  await using database = await databaseResource();
  await using server = await serverResource({ databaseUrl: database.url, env: { TIDEMARK_LIMITS: 'analytics=2/1' } });
  const platform = new HttpCaller(server.url).withKey(server.platformKey);
  const key = await createKey(platform.with({ 'x-tenant-id': await createTenant(platform, 'patient') }));
  const tidemark = createTidemark({ url: server.url, key });
  for (let time = 0; time < 5; time += 1) {
    expect((await tidemark.analytics.summary.query(SUMMARY)).totals.events).toBe(0);
  }
});

describeWithRedisServer('two servers of one Redis', ({ path }) => {
  test('share a limit, count for themselves while Redis is away, and say so', { timeout: 120_000 }, async () => {
    await using stack = new AsyncDisposableStack();
    const database = stack.use(await databaseResource());
    const redis = stack.use(await RedisServer.start(path));
    const env = { TIDEMARK_LIMITS: 'analytics=4/60' };
    const options = { databaseUrl: database.url, redisUrl: redis.url, env };
    const servers = [stack.use(await serverResource(options)), stack.use(await serverResource(options))] as const;
    const platforms = servers.map(({ url, platformKey }) => new HttpCaller(url).withKey(platformKey));
    const [platform] = platforms as [HttpCaller];
    const id = await createTenant(platform, 'shared');
    const acting = platforms.map((each) => each.with({ 'x-tenant-id': id }));
    const [first] = acting as [HttpCaller];
    const key = await createKey(first);
    const callers = servers.map(({ url }) => new HttpCaller(url).withKey(key));
    const ask = (server: number) => (callers[server] as HttpCaller).query('analytics.summary', SUMMARY);
    const state = async () => {
      const limits = await Promise.all(acting.map((caller) => caller.query('admin.limits.get')));
      return limits.map((answer) => dataOf(answer, limitsSchema).state);
    };
    await expect.poll(state).toEqual(['shared', 'shared']);

    const statuses: number[] = [];
    for (const server of [0, 1, 0, 1, 0, 1]) statuses.push((await ask(server)).status);
    expect(statuses).toEqual([200, 200, 200, 200, 429, 429]);

    // Raised on one server, it holds on the other.
    await first.post('admin.limits.set', { analytics: 6 });
    await expect.poll(async () => (await ask(1)).headers.get('ratelimit-policy')).toBe('"analytics";q=6;w=60');

    await redis.kill();
    await expect.poll(state).toEqual(['per-server', 'per-server']);
    for (const caller of acting) {
      const health = dataOf(await caller.query('admin.health'), healthSchema);
      expect(health).toMatchObject({
        status: 'degraded',
        limits: 'per-server',
        dependencies: { redis: { status: 'down' } },
      });
      expect(health.problems).toContainEqual(expect.stringContaining('limits by its own count'));
    }
    const other = await createKey(first);
    for (const { url } of servers) {
      const caller = new HttpCaller(url).withKey(other);
      const answers = await repeat(7, () => caller.query('analytics.summary', SUMMARY));
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200, 429]);
    }
    await redis.restart();
    await expect.poll(state, { timeout: 20_000 }).toEqual(['shared', 'shared']);
    const problems = async () => {
      const health = dataOf(await first.query('admin.health'), healthSchema);
      return { limits: health.limits, problems: health.problems };
    };
    await expect.poll(problems, { timeout: 20_000 }).toEqual({ limits: 'shared', problems: [] });
  });
});
