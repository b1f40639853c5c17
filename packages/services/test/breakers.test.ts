import { type BreakerName, summaryInputSchema } from '@tidemark/schemas';
import {
  createKey,
  eraseUser,
  getCurrentSession,
  getRetention,
  ingestEvents,
  listAudit,
  listKeys,
  listSessions,
  listTenants,
  querySummary,
  type ResourceOptions,
  type Resources,
  type TenantContext,
  watchSummary,
} from '@tidemark/services';
import { databaseResource, Oracle, PostgresProxy, servicesResource } from '@tidemark/testing';
import { expect, test } from 'vitest';

type BreakerChange = Parameters<NonNullable<ResourceOptions['onBreaker']>>[0];

const YEAR = { from: '2026-01-01T00:00:00Z', to: '2027-01-01T00:00:00Z' };
const MARCH = '2026-03-05T12:00:00Z';
const TIMEOUT = { timeout: 60_000 };

type Transaction = Parameters<Parameters<Resources['reads']['ask']>[1]>[0];
type Statement = Parameters<Transaction['db']['selectNoFrom']>[0];

const sleep =
  (seconds: number) =>
  async ({ db }: Transaction) =>
    await db.selectNoFrom((eb) => eb.fn('pg_sleep', [eb.val(seconds)]).as('slept')).execute();

async function proxiedServices() {
  await using opening = new AsyncDisposableStack();
  const { url } = opening.use(await databaseResource());
  const proxy = opening.use(await PostgresProxy.open(url));
  const changes: BreakerChange[] = [];
  const services = opening.use(
    await servicesResource({ databaseUrl: proxy.url, onBreaker: (change) => changes.push(change) }),
  );
  const opened = opening.move();
  const stateOf = (name: BreakerName) => services.resources.breakers[name].health.state;
  return { url, proxy, services, changes, stateOf, [Symbol.asyncDispose]: () => opened.disposeAsync() };
}

const ask = (ctx: TenantContext, input: object = YEAR) =>
  querySummary(ctx, summaryInputSchema.parse(input)).catch((error: unknown) => error);
const send = (ctx: TenantContext, id: string = crypto.randomUUID()) =>
  ingestEvents(ctx, { events: [{ id, type: 'view', occurredAt: MARCH }] }).catch((error: unknown) => error);

test(
  'a database that is gone: reads end at once with what was kept, ingest refuses, and both recover by themselves',
  TIMEOUT,
  async () => {
    await using world = await proxiedServices();
    const { proxy, services, changes, stateOf } = world;
    const ctx = await services.tenantContext();
    await send(ctx);
    expect(await ask(ctx)).toMatchObject({ totals: { events: 1 }, meta: { exact: true } });

    proxy.refuse();
    await expect.poll(() => ask(ctx).then(() => stateOf('reads')), TIMEOUT).not.toBe('closed');
    const old = await ask(ctx);
    expect(old).toMatchObject({ totals: { events: 1 }, meta: { exact: false, cache: { status: 'stale' } } });
    const served = expect.stringMatching(/^week, as of 20/);
    expect(old).toMatchObject({ meta: { degraded: { reason: 'outage', level: 1, requested: 'week', served } } });
    expect(await ask(ctx, { last: '90d' })).toMatchObject({ code: 'unavailable', evidence: { retryAfterMs: 1_000 } });
    const id = crypto.randomUUID();
    await expect.poll(() => send(ctx, id).then(() => stateOf('ingest')), TIMEOUT).not.toBe('closed');
    expect(await send(ctx, id)).toMatchObject({ code: 'unavailable', evidence: { retryAfterMs: 1_000 } });

    // While a breaker is open nothing but its probes knocks.
    let attempts = 0;
    services.database.reads.on('connect', () => (attempts += 1));
    await Promise.all(Array.from({ length: 200 }, () => ask(ctx)));
    expect(attempts).toBe(0);
    const platform = services.actorContext('platform');
    const admins = [
      () => listAudit(ctx, { limit: 1 }),
      () => listKeys(ctx),
      () => listSessions(ctx),
      () => listTenants(platform),
      () => getCurrentSession(platform),
      () => getRetention(ctx),
      () => createKey(ctx, { name: 'late', role: 'viewer' }),
      () => eraseUser(ctx, { userId: 'ada' }),
    ];
    for (const call of admins) {
      await expect(call(), String(call)).rejects.toMatchObject({
        code: 'unavailable',
        message: expect.stringContaining('is asked again every second or two'),
        evidence: { retryAfterMs: 1_000 },
      });
    }

    proxy.accept();
    await expect.poll(() => [stateOf('reads'), stateOf('ingest')], TIMEOUT).toEqual(['closed', 'closed']);
    expect(await send(ctx, id)).toMatchObject({ receipts: [{ status: 'accepted' }] });
    await expect.poll(() => ask(ctx), TIMEOUT).toMatchObject({ totals: { events: 2 }, meta: { exact: true } });
    const ofReads = changes.filter(({ breaker }) => breaker === 'reads').map(({ from, to }) => `${from} → ${to}`);
    expect(ofReads[0]).toBe('closed → open');
    expect(ofReads.at(-1)).toBe('half-open → closed');
    expect(changes.find(({ to }) => to === 'open')?.reason).toBeTruthy();
  },
);

test(
  'a database that falls silent in the middle of an answer: what was kept is served, long before the statement ends',
  TIMEOUT,
  async () => {
    await using world = await proxiedServices();
    const { proxy, services, stateOf } = world;
    const ctx = await services.tenantContext();
    await send(ctx);
    await ask(ctx);
    await send(ctx);

    proxy.freeze();
    expect(await ask(ctx, { ...YEAR })).toMatchObject({
      totals: { events: 1 },
      meta: { exact: false, cache: { status: 'stale' } },
    });
    expect(stateOf('reads')).not.toBe('closed');
    proxy.thaw();
    await expect.poll(() => ask(ctx), TIMEOUT).toMatchObject({ totals: { events: 2 }, meta: { exact: true } });
  },
);

test(
  'a database that falls silent in the middle of a commit: the sender is refused, and may send again what it sent',
  TIMEOUT,
  async () => {
    await using world = await proxiedServices();
    const { proxy, services, stateOf } = world;
    const ctx = await services.tenantContext();
    await send(ctx);

    proxy.freeze();
    const ids = Array.from({ length: 3 }, () => crypto.randomUUID());
    const refusals = await Promise.all(ids.map((id) => send(ctx, id)));
    for (const refusal of refusals) {
      expect(refusal).toMatchObject({ code: 'unavailable', evidence: { retryAfterMs: 1_000 } });
    }
    expect(stateOf('ingest')).not.toBe('closed');
    proxy.thaw();
    await expect.poll(() => [stateOf('reads'), stateOf('ingest')], TIMEOUT).toEqual(['closed', 'closed']);
    for (const id of ids) await send(ctx, id);
    expect(await ask(ctx, { ...YEAR, fresh: true })).toMatchObject({ totals: { events: 4 }, meta: { exact: true } });
  },
);

test('pools that are full are no database that is away: whoever waits is told to come again, and no breaker opens', {
  timeout: 60_000,
}, async () => {
  await using services = await servicesResource();
  const { database, resources } = services;
  const tenants = await Promise.all(Array.from({ length: 6 }, () => services.tenantContext()));
  const [first] = tenants;
  if (first === undefined) throw new Error('there is no tenant');
  await send(first);
  await ask(first);
  await send(first);
  const pools = [database.reads, database.ingest];
  await using held = new AsyncDisposableStack();
  for (const pool of pools) {
    for (let count = 0; count < pool.options.max; count += 1) {
      const client = await pool.connect();
      held.defer(() => client.release());
    }
  }

  const readings = tenants.map((ctx) => ask(ctx, { ...YEAR, fresh: true }));
  const kept = ask(first);
  const sendings = tenants.map((ctx) => send(ctx));
  expect(await kept).toMatchObject({
    totals: { events: 1 },
    meta: { exact: false, cache: { status: 'stale' }, degraded: { reason: 'load', level: 1 } },
  });
  const crowded = { code: 'overloaded', evidence: { retryAfterMs: 1_000 } };
  expect(await Promise.all([...readings, ...sendings])).toMatchObject(Array.from({ length: 12 }, () => crowded));
  for (const { health } of Object.values(resources.breakers))
    expect(health).toMatchObject({ state: 'closed', openings: 0 });
  expect(await resources.readiness.check()).toEqual({ isReady: true, database: 'up' });

  await held[Symbol.asyncDispose]();
  for (const ctx of tenants) expect(await send(ctx)).toMatchObject({ receipts: [{ status: 'accepted' }] });
});

test('one who asks for too much or badly opens nothing', TIMEOUT, async () => {
  await using services = await servicesResource();
  const { tenant } = await services.tenantContext();
  const { reads, breakers } = services.resources;
  const faults: Statement[] = [
    (eb) => eb.fn('pg_sleep', [eb.val(5)]).as('slept'),
    (eb) => eb(eb.val(1), '/', 0).as('divided'),
    (eb) => eb.cast(eb.val('{'), 'jsonb').as('parsed'),
  ];
  for (const fault of faults) {
    for (let count = 0; count < 6; count += 1) {
      const asked = reads.ask(tenant.id, async ({ db }) => {
        const settings = ['statement_timeout', '20', true];
        await db
          .selectNoFrom((eb) =>
            eb
              .fn(
                'set_config',
                settings.map((part) => eb.val(part)),
              )
              .as('set'),
          )
          .execute();
        return await db.selectNoFrom(fault).execute();
      });
      await expect(asked).rejects.toThrow();
    }
  }
  expect(Object.values(breakers).map(({ health }) => health)).toMatchObject([
    { name: 'reads', state: 'closed', openings: 0, lastFailure: null },
    { name: 'ingest', state: 'closed', openings: 0, lastFailure: null },
  ]);
});

test('a slow question is asked to its end while the database answers others', TIMEOUT, async () => {
  await using services = await servicesResource();
  const { tenant } = await services.tenantContext();
  const slow = services.resources.reads.ask(tenant.id, sleep(5));
  expect(await slow).toHaveLength(1);
  expect(services.resources.breakers.reads.health.openings).toBe(0);
});

test(
  'what was asked of the last hour is answered for the last one known while there is no newer answer',
  TIMEOUT,
  async () => {
    await using world = await proxiedServices();
    const { proxy, services } = world;
    const ctx = await services.tenantContext();
    services.setNow(Date.parse('2026-03-05T12:30:20Z'));
    await send(ctx);
    const before = await querySummary(ctx, summaryInputSchema.parse({ last: '1h' }));
    expect(before).toMatchObject({ totals: { events: 1 }, meta: { degraded: null } });

    proxy.refuse();
    services.setNow(Date.parse('2026-03-05T12:33:20Z'));
    const after = await ask(ctx, { last: '1h' });
    expect(after).toMatchObject({
      totals: { events: 1 },
      meta: {
        exact: false,
        range: before.meta.range,
        cache: { status: 'stale', ageMs: 180_000 },
        degraded: {
          reason: 'outage',
          level: 1,
          requested: '2026-03-05T11:34:00.000Z/2026-03-05T12:34:00.000Z',
          served: '2026-03-05T11:31:00.000Z/2026-03-05T12:31:00.000Z',
        },
      },
    });
    // Another question that was never answered has nothing to be answered with.
    expect(await ask(ctx, { last: '1h', types: ['other'] })).toMatchObject({ code: 'unavailable' });
  },
);

test('a watch goes on through an outage with what was known', TIMEOUT, async () => {
  await using world = await proxiedServices();
  const { proxy, services } = world;
  const ctx = await services.tenantContext();
  await send(ctx);
  const leaving = new AbortController();
  const watch = watchSummary(ctx, summaryInputSchema.parse(YEAR), leaving.signal);
  expect((await watch.next()).value).toMatchObject({ summary: { totals: { events: 1 }, meta: { exact: true } } });
  proxy.refuse();
  expect((await watch.next()).value).toMatchObject({ summary: { totals: { events: 1 }, meta: { exact: false } } });
  proxy.accept();
  await expect.poll(async () => (await watch.next()).value?.summary.meta.exact, TIMEOUT).toBe(true);
  leaving.abort();
  await watch.return(undefined);
});

test('a tenant whose questions never end leaves the others their answers', TIMEOUT, async () => {
  await using services = await servicesResource();
  await using oracle = await Oracle.open(services.url);
  const [slow, quick] = [await services.tenantContext(), await services.tenantContext()];
  await send(quick);
  const { reads } = services.resources;
  const release = new AbortController();
  const holding = Array.from({ length: 100 }, () =>
    reads
      .ask(slow.tenant.id, async (transaction) => {
        if (release.signal.aborted) return;
        await sleep(600)(transaction);
      })
      .catch(() => {}),
  );
  await expect.poll(() => reads.turns.running).toBe(3);
  for (let count = 0; count < 50; count += 1) {
    // Each a question of its own, so that none is answered from the cache.
    const range = { from: YEAR.from, to: new Date(Date.parse(YEAR.to) + count * 1_000).toISOString() };
    expect(await ask(quick, range)).toMatchObject({ totals: { events: 1 }, meta: { exact: true } });
  }
  expect(reads.turns.running).toBe(3);
  release.abort();
  await oracle.ask(
    `SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep%' AND pid <> pg_backend_pid()`,
  );
  await Promise.all(holding);
});
