import {
  type LoadSample,
  type Priority,
  type SummaryInput,
  summaryInputSchema,
  tailInputSchema,
  watchManyInputSchema,
} from '@tidemark/schemas';
import {
  exportEvents,
  getEvent,
  getHealth,
  ingestEvents,
  listEvents,
  queryBreakdown,
  querySummary,
  querySummaryPage,
  type TenantContext,
  tailEvents,
  watchSummaries,
  watchSummary,
} from '@tidemark/services';
import { Oracle, type ServicesResource, servicesResource } from '@tidemark/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';

const CALM: LoadSample = { loopDelayMs: 0, loopUtilisation: 0.1, waitingMs: 0, answersP95Ms: null, ownWaitMs: 0 };
const NOW = Date.parse('2026-11-22T10:00:00Z');
const DAY = { from: '2026-11-20T00:00:00Z', to: '2026-11-21T00:00:00Z', interval: 'hour' } as const;

let services: ServicesResource;
let now: number;
let pressure: LoadSample;
/** How long tenants wait for their own turns. */
let waits: Map<string, number>;
beforeEach(async () => {
  now = 0;
  pressure = CALM;
  waits = new Map();
  services = await servicesResource({
    isOnlyServer: true,
    elapsed: () => now,
    load: { sample: () => pressure, sampleTenants: () => waits, [Symbol.dispose]: () => {} },
  });
  services.setNow(NOW);
});
afterEach(() => services[Symbol.asyncDispose]());

/** Load of this kind for so long, sampled as a running server does. */
function endure(sample: LoadSample, ms: number): void {
  pressure = sample;
  for (const until = now + ms; now < until; now += 500) services.resources.load.sample();
}
const elevated = () => endure({ ...CALM, waitingMs: 300 }, 5_000);
const critical = () => endure({ ...CALM, waitingMs: 2_000 }, 5_000);

const as = (ctx: TenantContext, priority: Priority): TenantContext => ({ ...ctx, priority });
const ask = (ctx: TenantContext, priority: Priority, input: SummaryInput = DAY) =>
  querySummary(as(ctx, priority), summaryInputSchema.parse(input));

async function busyTenant(): Promise<TenantContext> {
  const ctx = await services.tenantContext();
  const events = Array.from({ length: 200 }, (_, place) => ({
    type: `type ${place % 3}`,
    userId: `user ${place % 17}`,
    occurredAt: new Date(Date.parse(DAY.from) + place * 7 * 60_000).toISOString(),
  }));
  await ingestEvents(ctx, { events });
  return ctx;
}

test('down the ladder: less for low, then nothing for low and less for normal, all for high; and up again', async () => {
  const ctx = await busyTenant();
  const served = async (priority: Priority) => {
    try {
      const { meta } = await ask(ctx, priority);
      return [meta.interval, meta.degraded?.level ?? 0, meta.exact];
    } catch (error) {
      return error;
    }
  };
  const all = [
    ['hour', 0, true],
    ['hour', 0, true],
    ['hour', 0, true],
  ];
  const each = async () => [await served('low'), await served('normal'), await served('high')];
  expect(await each()).toEqual(all);
  elevated();
  expect(await each()).toEqual([
    ['day', 1, false],
    ['hour', 0, true],
    ['hour', 0, true],
  ]);
  critical();
  const shed = { code: 'rate_limited', evidence: { reason: 'load', level: 2, priority: 'low', retryAfterMs: 15_000 } };
  expect(await each()).toMatchObject([shed, ['day', 2, false], ['hour', 0, true]]);
  endure(CALM, 11_000);
  expect(await each()).toEqual([
    ['day', 1, false],
    ['hour', 0, true],
    ['hour', 0, true],
  ]);
  endure(CALM, 11_000);
  expect(await each()).toEqual(all);
});

test('longer buckets hold the same events and users, as brute force counts them', async () => {
  const ctx = await busyTenant();
  await using oracle = await Oracle.open(services.url);
  critical();
  const range = { from: DAY.from, to: '2026-11-20T21:30:00Z' };
  const questions = [
    ['minute', 'hour'],
    ['hour', 'day'],
    ['day', 'week'],
    ['week', 'month'],
    ['month', 'month'],
  ] as const;
  for (const [requested, coarser] of questions) {
    const { totals, series, meta } = await ask(ctx, 'normal', { ...range, interval: requested });
    expect(meta.interval).toBe(coarser);
    expect(meta.degraded).toEqual(
      requested === coarser ? null : { reason: 'load', level: 2, requested, served: coarser },
    );
    const same = await ask(ctx, 'high', { ...range, interval: coarser });
    expect({ totals, series }).toEqual({ totals: same.totals, series: same.series });
    const [truth] = await oracle.ask(
      `SELECT count(*) AS events, count(DISTINCT user_id) AS users FROM events
       WHERE tenant_id = '${ctx.tenant.id}' AND occurred_at >= '${range.from}' AND occurred_at < '${range.to}'`,
    );
    expect(totals).toEqual({ events: Number(truth?.events), users: Number(truth?.users) });
  }
});

test('less also means an older answer, said to be one', async () => {
  const ctx = await busyTenant();
  const page = { ...DAY, groupLimit: 20, limit: 50 } as const;
  const breakdown = { ...DAY, by: 'type', limit: 20 } as const;
  elevated();
  const questions = [
    () => ask(ctx, 'low'),
    () => queryBreakdown(as(ctx, 'low'), breakdown),
    () => querySummaryPage(as(ctx, 'low'), page),
  ];
  for (const question of questions) await question();
  await ingestEvents(ctx, { events: [{ type: 'late', occurredAt: DAY.from }] });
  services.setNow(NOW + 20_000);
  for (const question of questions) {
    const { meta } = await question();
    expect(meta).toMatchObject({ exact: false, cache: { status: 'stale', ageMs: 20_000 } });
    expect(meta.degraded).toMatchObject({ reason: 'load', level: 1, served: expect.stringContaining('as of') });
  }
  // Who is not of low priority, or waits, gets the number as it is.
  expect(await queryBreakdown(ctx, breakdown)).toMatchObject({ rows: { length: 4 }, meta: { exact: true } });
  services.setNow(NOW + 31_000);
  expect(await ask(ctx, 'low')).toMatchObject({ totals: { events: 201 }, meta: { cache: { status: 'miss' } } });
});

test('what is never degraded: ingest and health', async () => {
  const ctx = as(await busyTenant(), 'low');
  critical();
  expect((await ingestEvents(ctx, { events: [{ type: 'a', occurredAt: DAY.from }] })).receipts[0]?.status).toBe(
    'accepted',
  );
  expect(await getHealth(ctx)).toMatchObject({
    status: 'degraded',
    load: { level: 2, why: ['Questions wait 2000 ms for a connection.'], sample: pressure },
  });
});

test('who watches gets less as whoever asks does, by priority: coarser buckets that say so, then the end of the stream', async () => {
  const ctx = await busyTenant();
  const leaving = new AbortController();
  const watch = (priority: Priority) => watchSummary(as(ctx, priority), summaryInputSchema.parse(DAY), leaving.signal);
  const watches = { low: watch('low'), normal: watch('normal'), high: watch('high') };
  const next = async (priority: Priority) => (await watches[priority].next()).value?.summary.meta;
  const each = async () => [await next('low'), await next('normal'), await next('high')];
  const whole = { interval: 'hour', degraded: null, exact: true };
  const coarser = (level: number) => ({ interval: 'day', exact: false, degraded: { reason: 'load', level } });
  expect(await each()).toMatchObject([whole, whole, whole]);
  elevated();
  expect(await each()).toMatchObject([coarser(1), whole, whole]);
  critical();
  const shed = { code: 'rate_limited', evidence: { reason: 'load', level: 2, retryAfterMs: 15_000 } };
  await expect(next('low')).rejects.toMatchObject(shed);
  expect([await next('normal'), await next('high')]).toMatchObject([coarser(2), whole]);
  // Nobody begins what would be ended at once, alone or among others.
  await expect(watch('low').next()).rejects.toMatchObject(shed);
  const many = watchSummaries(as(ctx, 'low'), watchManyInputSchema.parse({ queries: [{ key: 'a', input: DAY }] }));
  await expect(many.next()).rejects.toMatchObject(shed);
  endure(CALM, 30_000);
  expect([await next('normal'), await next('high')]).toMatchObject([whole, whole]);
  leaving.abort();
  await Promise.all(Object.values(watches).map((each) => each.return(undefined)));
  expect(services.resources.summaryHub.size).toBe(0);
});

test('a tail of low priority ends when load leaves nothing for it, and goes on from its place without a loss', async () => {
  const ctx = await busyTenant();
  const leaving = new AbortController();
  const tail = (priority: Priority, lastEventId?: string) =>
    tailEvents(as(ctx, priority), tailInputSchema.parse({ lastEventId }), leaving.signal);
  const low = tail('low');
  const place = (await low.next()).value?.id ?? '';
  critical();
  await ingestEvents(ctx, { events: [{ type: 'missed', occurredAt: DAY.from }] });
  const shed = { code: 'rate_limited', evidence: { reason: 'load', priority: 'low' } };
  await expect(low.next()).rejects.toMatchObject(shed);
  await expect(tail('low', place).next()).rejects.toMatchObject(shed);
  const normal = tail('normal', place);
  expect((await normal.next()).value?.message).toMatchObject({ event: { type: 'missed' } });
  endure(CALM, 30_000);
  const again = tail('low', place);
  expect((await again.next()).value?.message).toMatchObject({ event: { type: 'missed' } });
  leaving.abort();
  await Promise.all([normal, again].map((each) => each.return(undefined)));
});

test('an export of low priority rests while load leaves nothing for it, and goes on where it was', async () => {
  const ctx = await busyTenant();
  const range = { from: DAY.from, to: '2026-11-23T00:00:00.000Z' };
  const exported = exportEvents(as(ctx, 'low'), { ...range });
  const first = (await exported.next()).value ?? [];
  expect(first).toHaveLength(200);
  critical();
  const rest = Array.fromAsync(exported);
  // Others get their pages meanwhile, and what is stored in a stretch that is yet to be read comes with it.
  expect((await exportEvents(ctx, { ...range }).next()).value).toEqual(first);
  await ingestEvents(ctx, { events: [{ type: 'meanwhile', occurredAt: '2026-11-22T00:00:00.000Z' }] });
  endure(CALM, 30_000);
  expect((await rest).flat()).toMatchObject([{ type: 'meanwhile' }]);
});

test('an export of low priority that has found nothing yet searches no further while load leaves nothing for it', async () => {
  const ctx = await busyTenant();
  // Twenty years of days to search.
  await ingestEvents(ctx, { events: [{ type: 'first', occurredAt: '2007-01-01T00:00:00.000Z' }] });
  let searches = 0;
  const underWay = Promise.withResolvers<void>();
  services.database.reads.on('acquire', () => {
    searches += 1;
    if (searches === 20) underWay.resolve();
  });
  const leaving = new AbortController();
  const nothing = exportEvents(as(ctx, 'low'), { userId: 'nobody' }, leaving.signal).next();
  await underWay.promise;
  critical();
  const before = searches;
  // Those of ten others, and the one that was under way.
  for (let others = 0; others < 10; others += 1)
    await exportEvents(ctx, { userId: 'nobody', from: DAY.from, to: DAY.to }).next();
  expect(searches - before).toBeLessThanOrEqual(2 * 10 + 1);
  leaving.abort();
  expect(await nothing.catch((error: { code: string }) => error.code)).toBe('rate_limited');
});

test('what is coarser and old besides says both, and what was asked for', async () => {
  const ctx = await busyTenant();
  critical();
  await ask(ctx, 'normal');
  await ingestEvents(ctx, { events: [{ type: 'late', occurredAt: DAY.from }] });
  services.setNow(NOW + 31_000);
  // Nobody gets a connection, so that there is nothing newer than what was kept.
  await using held = new AsyncDisposableStack();
  const { reads } = services.database;
  for (let count = 0; count < reads.options.max; count += 1) {
    const client = await reads.connect();
    held.defer(() => client.release());
  }
  const { meta } = await ask(ctx, 'normal');
  expect(meta).toMatchObject({ interval: 'day', exact: false, cache: { status: 'stale' } });
  const served = expect.stringMatching(/^day, as of /);
  expect(meta.degraded).toEqual({ reason: 'load', level: 2, requested: 'hour', served });
});

test('a tenant that asks more than its share answers gets less itself, and nobody else does', async () => {
  const [crowd, other] = [await busyTenant(), await busyTenant()];
  const served = async (ctx: TenantContext, priority: Priority) =>
    await ask(ctx, priority).then(
      ({ meta }) => meta.interval,
      ({ code }: { code: string }) => code,
    );
  const each = async (ctx: TenantContext) => [
    await served(ctx, 'low'),
    await served(ctx, 'normal'),
    await served(ctx, 'high'),
  ];
  waits.set(crowd.tenant.id, 600);
  endure(CALM, 5_000);
  expect([await each(crowd), await each(other)]).toEqual([
    ['day', 'hour', 'hour'],
    ['hour', 'hour', 'hour'],
  ]);
  waits.set(crowd.tenant.id, 5_000);
  endure(CALM, 5_000);
  expect([await each(crowd), await each(other)]).toEqual([
    ['rate_limited', 'day', 'hour'],
    ['hour', 'hour', 'hour'],
  ]);
  expect(await getHealth(crowd)).toMatchObject({
    load: { level: 2, why: ['Questions of this tenant wait 5000 ms for turns that it holds itself.'] },
    problems: [expect.stringContaining('This tenant asks more than its share answers')],
  });
  expect(await getHealth(other)).toMatchObject({ load: { level: 0, why: [] }, problems: [] });
  // The server's own level goes for both, where it is the higher one.
  waits.clear();
  endure({ ...CALM, waitingMs: 300 }, 31_000);
  expect([await each(crowd), await each(other)]).toEqual([
    ['day', 'hour', 'hour'],
    ['day', 'hour', 'hour'],
  ]);
});

test('what cannot be given less of is refused to low priority alone', async () => {
  const ctx = await busyTenant();
  const list = { limit: 10, order: 'desc', from: DAY.from, to: DAY.to } as const;
  const { items } = await listEvents(ctx, list);
  const [event] = items;
  if (event === undefined) throw new Error('there is no event');
  const calls = [
    (caller: TenantContext) => listEvents(caller, list),
    (caller: TenantContext) => getEvent(caller, event),
    (caller: TenantContext) => exportEvents(caller, list).next(),
  ];
  critical();
  for (const call of calls) {
    await expect(call(as(ctx, 'low'))).rejects.toMatchObject({ code: 'rate_limited' });
    expect(await call(ctx)).toBeTruthy();
  }
});
