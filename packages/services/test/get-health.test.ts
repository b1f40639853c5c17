import { getHealth, ingestEvents, startMaintenance } from '@tidemark/services';
import { Oracle, PostgresProxy, type ServicesResource, servicesResource } from '@tidemark/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';

const NOW = Date.parse('2026-11-22T10:00:00Z');

let services: ServicesResource;
beforeEach(async () => {
  services = await servicesResource();
  services.setNow(NOW);
});
afterEach(() => services[Symbol.asyncDispose]());

const start = (errors: unknown[] = []) =>
  startMaintenance(services.resources, { onError: (_task, error) => void errors.push(error) });

test('a server at rest is well, and says what it is made of', async () => {
  const ctx = await services.tenantContext();
  await using _maintenance = start();
  await expect.poll(async () => (await getHealth(ctx)).tasks.every((task) => task.lastSuccessAt !== null)).toBe(true);
  expect(await getHealth(ctx)).toMatchObject({
    status: 'ok',
    problems: [],
    startedAt: expect.any(String),
    dependencies: { postgres: { status: 'up' }, redis: { status: 'not_used' } },
    fold: { lagMs: 0, users: 0 },
    rebuildingBefore: null,
    ingest: { eventsPerSecond: 0, waitingEvents: 0 },
    cache: { store: 'in-process' },
  });
  expect((await getHealth(ctx)).tasks.map(({ name }) => name)).toContain('fold');
});

test('what waits to be folded is told with its age, and no more once it is folded', async () => {
  const ctx = await services.tenantContext();
  await ingestEvents(ctx, { events: [{ type: 'view', userId: 'ada' }] });
  services.setNow(NOW + 20_000);
  expect(await getHealth(ctx)).toMatchObject({ status: 'ok', fold: { lagMs: 20_000, users: 1 } });
  services.setNow(NOW + 5_000);
  expect((await getHealth(ctx)).ingest.eventsPerSecond).toBe(0.1);

  await using _maintenance = start();
  await expect.poll(async () => (await getHealth(ctx)).fold).toEqual({ lagMs: 0, users: 0 });
});

test('a fold that gets nowhere shows by the age of what waits', async () => {
  const ctx = await services.tenantContext();
  await using oracle = await Oracle.open(services.url);
  // Another server took the tenant's fold and froze.
  await oracle.ask('BEGIN');
  await oracle.ask('SELECT FROM folds WHERE tenant_id = $1 FOR UPDATE', [ctx.tenant.id]);
  await using _maintenance = start();
  await ingestEvents(ctx, { events: [{ type: 'view', userId: 'ada' }] });
  services.setNow(NOW + 61_000);
  await expect
    .poll(async () => (await getHealth(ctx)).problems)
    .toContain('Users of 61 s ago are not folded yet: answers are right, and slower.');
  await oracle.ask('ROLLBACK');
});

test('a background task that died is missed', async () => {
  const ctx = await services.tenantContext();
  const maintenance = start();
  await expect.poll(async () => (await getHealth(ctx)).tasks.every((task) => task.lastSuccessAt !== null)).toBe(true);
  // Without a word, as a loop does that nobody awaits.
  await maintenance[Symbol.asyncDispose]();
  services.setNow(NOW + 31_001);
  const health = await getHealth(ctx);
  expect(health.status).toBe('degraded');
  expect(health.problems).toContain(
    'The task "fold" has not ended well since 2026-11-22T10:00:00.000Z: it hangs or died.',
  );
});

test('a task that fails says why and goes on, and health answers without the database', async () => {
  await using proxy = await PostgresProxy.open(services.url);
  const ctx = await services.tenantContext();
  await using cut = await servicesResource({ databaseUrl: proxy.url });
  cut.setNow(NOW);
  const own = { ...ctx, resources: cut.resources };
  await using _maintenance = startMaintenance(cut.resources, { onError: () => {} });
  await expect.poll(async () => (await getHealth(own)).tasks.every((task) => task.lastSuccessAt !== null)).toBe(true);
  proxy.refuse();
  await expect
    .poll(async () => (await getHealth(own)).tasks.some(({ lastError }) => lastError !== null), { timeout: 10_000 })
    .toBe(true);
  // What a task failed with may name hosts, and other tenants' values.
  const errorsOf = async (seen: typeof own) =>
    (await getHealth(seen)).tasks.flatMap(({ lastError }) => lastError ?? []);
  expect((await errorsOf(own)).join()).not.toMatch(/ECONN|Connection|connect/);
  const platform = { ...own, actor: services.actorContext('platform').actor };
  expect((await errorsOf(platform)).join()).toMatch(/ECONN|Connection|connect/);
  const away = await getHealth(own);
  expect(away).toMatchObject({ status: 'degraded', dependencies: { postgres: { status: 'down' } }, fold: null });
  expect(away.problems).toContain('PostgreSQL does not answer.');
  proxy.accept();
  await expect.poll(async () => (await getHealth(own)).status, { timeout: 10_000 }).toBe('ok');
  await expect
    .poll(async () => (await getHealth(own)).tasks.every(({ lastError }) => lastError === null), { timeout: 10_000 })
    .toBe(true);
});
