import { type SummaryInput, summaryInputSchema } from '@tidemark/schemas';
import {
  clearCache,
  eraseUser,
  getCacheStats,
  ingestEvents,
  queryBreakdown,
  querySummary,
  type TenantContext,
} from '@tidemark/services';
import { Oracle, PostgresProxy, type ServicesResource, servicesResource } from '@tidemark/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';

let services: ServicesResource;
let now: number;
beforeEach(async () => {
  now = 0;
  services = await servicesResource({ isOnlyServer: true, elapsed: () => now });
  services.setNow(Date.parse('2026-11-22T10:00:00Z'));
});
afterEach(() => services[Symbol.asyncDispose]());

const ask = (ctx: TenantContext, input: SummaryInput) => querySummary(ctx, summaryInputSchema.parse(input));
const write = (ctx: TenantContext, occurredAt: string) =>
  ingestEvents(ctx, { events: [{ type: 'view', userId: 'ada', occurredAt }] });
const viewerOf = (ctx: TenantContext): TenantContext => ({
  ...ctx,
  actor: { ...services.actorContext('viewer', ctx.tenant).actor, keyId: 'a viewer' },
});

const DAY = { from: '2026-11-20T00:00:00Z', to: '2026-11-21T00:00:00Z' };

test('a question asked again is answered by the cache, however it is written', async () => {
  const ctx = await services.tenantContext();
  const first = await ask(ctx, { ...DAY, types: ['b', 'a', 'b'], devices: ['mobile', null] });
  expect(first.meta.cache).toMatchObject({ status: 'miss', ageMs: 0, tier: 'recent', ttlMs: 300_000 });

  services.setNow(Date.parse('2026-11-22T10:00:07Z'));
  now += 7_000;
  const again = await ask(ctx, { devices: [null, 'mobile'], types: ['a', 'b'], ...DAY, timeZone: 'UTC' });
  expect(again.meta.cache).toMatchObject({ status: 'hit', ageMs: 7_000 });
  expect({ ...again, meta: { ...again.meta, cache: null, tookMs: 0 } }).toEqual({
    ...first,
    meta: { ...first.meta, cache: null, tookMs: 0 },
  });
  // Another question, each of them.
  for (const other of [{ types: ['a'] }, { groupBy: 'type' as const }, { compare: 'previous' as const }]) {
    expect((await ask(ctx, { ...DAY, ...other })).meta.cache.status).toBe('miss');
  }
});

test('tenants share no answer', async () => {
  const mine = await services.tenantContext();
  const theirs = await services.tenantContext();
  await write(mine, '2026-11-20T10:00:00Z');
  expect((await ask(mine, DAY)).totals.events).toBe(1);
  expect(await ask(theirs, DAY)).toMatchObject({ totals: { events: 0 }, meta: { cache: { status: 'miss' } } });
});

test('an empty answer is kept as well', async () => {
  const ctx = await services.tenantContext();
  await ask(ctx, DAY);
  now += 60_000;
  expect(await ask(ctx, DAY)).toMatchObject({ totals: { events: 0 }, meta: { cache: { status: 'hit' } } });
});

test('a late event refreshes exactly the answers whose UTC days hold it', async () => {
  const ctx = viewerOf(await services.tenantContext());
  const admin = { ...ctx, actor: services.actorContext('admin', ctx.tenant).actor };
  const ranges = {
    today: { from: '2026-11-22T00:00:00Z', to: '2026-11-23T00:00:00Z' },
    // 20 November in Kathmandu begins on the 19th of UTC.
    abroad: { from: '2026-11-20T00:00:00+05:45', to: '2026-11-21T00:00:00+05:45' },
    month: { from: '2026-11-01T00:00:00Z', to: '2026-12-01T00:00:00Z' },
    lastMonth: { from: '2026-10-01T00:00:00Z', to: '2026-11-01T00:00:00Z' },
    lastYear: { from: '2025-01-01T00:00:00Z', to: '2026-01-01T00:00:00Z' },
    compared: { from: '2026-11-23T00:00:00Z', to: '2026-11-26T00:00:00Z', compare: 'previous' as const },
  };
  const statuses = async () => {
    now += 2_000;
    const asked = Object.entries(ranges).map(async ([name, range]) => [
      name,
      (await ask(ctx, range)).meta.cache.status,
    ]);
    return Object.fromEntries(await Promise.all(asked)) as Record<keyof typeof ranges, string>;
  };
  await statuses();
  expect(new Set(Object.values(await statuses()))).toEqual(new Set(['hit']));

  await write(admin, '2026-11-19T20:00:00Z');
  expect(await statuses()).toEqual({
    today: 'hit',
    abroad: 'miss',
    month: 'miss',
    lastMonth: 'hit',
    lastYear: 'hit',
    compared: 'hit',
  });
  await write(admin, '2026-11-22T09:00:00Z');
  expect(await statuses()).toMatchObject({ today: 'miss', abroad: 'hit', month: 'miss', compared: 'miss' });
  await write(admin, '2025-12-31T23:59:59Z');
  expect(await statuses()).toMatchObject({ today: 'hit', month: 'hit', lastMonth: 'hit', lastYear: 'miss' });
});

test('a reader may be a second behind, but not behind their own write, nor where they ask for a fresh answer', async () => {
  const admin = await services.tenantContext();
  const viewer = viewerOf(admin);
  await ask(viewer, DAY);
  await write(admin, '2026-11-20T10:00:00Z');
  expect(await ask(viewer, DAY)).toMatchObject({
    totals: { events: 0 },
    meta: { exact: true, cache: { status: 'hit' } },
  });
  const fresh = await ask(viewer, { ...DAY, fresh: true });
  expect(fresh).toMatchObject({ totals: { events: 1 }, meta: { cache: { status: 'bypass' } } });

  await write(admin, '2026-11-20T11:00:00Z');
  expect((await ask(admin, DAY)).totals.events).toBe(2);
  await write(admin, '2026-11-20T12:00:00Z');
  now += 1_001;
  expect((await ask(viewer, DAY)).totals.events).toBe(3);
});

test('past its time to live an answer is served once more while it is computed again', async () => {
  const ctx = await services.tenantContext();
  await ask(ctx, DAY);
  now += 300_001;
  services.setNow(Date.parse('2026-11-22T10:05:01Z'));
  const kept = await ask(ctx, DAY);
  expect(kept.meta).toMatchObject({ exact: true, cache: { status: 'stale', ageMs: 301_000 } });
  // The same question waits for what is being computed in the background, or finds it done.
  await expect.poll(async () => (await ask(ctx, DAY)).meta.cache.ageMs).toBe(0);
});

test('many who ask at once are answered by one computation', async () => {
  const ctx = viewerOf(await services.tenantContext());
  await using oracle = await Oracle.open(services.url);
  const scans = async () => {
    const [row] = await oracle.ask(
      `SELECT pg_stat_force_next_flush(), sum(seq_scan + idx_scan) AS scans FROM pg_stat_user_tables WHERE relname = 'event_types'`,
    );
    return Number(row?.scans);
  };
  const before = await scans();
  const answers = await Promise.all(Array.from({ length: 50 }, () => ask(ctx, { ...DAY, interval: 'minute' })));
  expect(new Set(answers.map(({ meta }) => meta.asOf)).size).toBe(1);
  expect(await scans()).toBeLessThanOrEqual(before + 1);
});

test('a computation that overlaps a commit is never served as right', async () => {
  const admin = await services.tenantContext();
  const viewer = viewerOf(admin);
  await write(admin, '2026-11-20T10:00:00Z');
  await using oracle = await Oracle.open(services.url);
  // It has its snapshot and cannot go on: it reads the types next, which a commit of a known type does not.
  await oracle.ask('BEGIN');
  await oracle.ask('LOCK TABLE event_types IN ACCESS EXCLUSIVE MODE');
  const overlapped = ask(viewer, DAY);
  await expect.poll(async () => (await oracle.ask('SELECT FROM pg_locks WHERE NOT granted')).length).toBeGreaterThan(0);
  await write(admin, '2026-11-20T11:00:00Z');
  await oracle.ask('COMMIT');
  expect((await overlapped).totals.events).toBe(1);

  expect((await ask(admin, DAY)).totals.events).toBe(2);
  now += 1_001;
  expect((await ask(viewer, DAY)).totals.events).toBe(2);
});

test('with the database away the last answer is served, and says that it may be old', async () => {
  await using proxy = await PostgresProxy.open(services.url);
  await using server = await servicesResource({ databaseUrl: proxy.url, elapsed: () => now });
  const ctx = viewerOf({ ...(await services.tenantContext()), resources: server.resources });
  await ask(ctx, DAY);
  proxy.refuse();
  now += 2_000;
  expect(await ask(ctx, DAY)).toMatchObject({ meta: { exact: false, cache: { status: 'stale' } } });
  await expect(ask(ctx, { ...DAY, fresh: true })).rejects.toMatchObject({ code: 'unavailable' });
  await expect(ask(ctx, { ...DAY, types: ['never asked'] })).rejects.toMatchObject({ code: 'unavailable' });
  proxy.accept();
  const later = async () => {
    now += 2_000;
    return await ask(ctx, DAY);
  };
  await expect.poll(later, { timeout: 10_000 }).toMatchObject({ meta: { exact: true, cache: { status: 'hit' } } });
});

test('a user who was erased is shown nowhere again, not even as a stale answer', async () => {
  await using proxy = await PostgresProxy.open(services.url);
  await using server = await servicesResource({ databaseUrl: proxy.url, elapsed: () => now });
  const ctx = { ...(await services.tenantContext()), resources: server.resources };
  const query = { ...DAY, by: 'user', limit: 20 } as const;
  await write(ctx, '2026-11-20T10:00:00Z');
  expect(await queryBreakdown(ctx, query)).toMatchObject({ rows: [{ key: 'ada' }] });
  await eraseUser(ctx, { userId: 'ada' });
  proxy.refuse();
  now += 2_000;
  await expect(queryBreakdown(ctx, query)).rejects.toMatchObject({ code: 'unavailable' });
  const relaxed = { ...ctx, priority: 'low' as const };
  await expect(queryBreakdown(relaxed, query)).rejects.toMatchObject({ code: 'unavailable' });
});

test('a breakdown is kept like a summary', async () => {
  const ctx = await services.tenantContext();
  const query = { ...DAY, by: 'type', limit: 20 } as const;
  await write(ctx, '2026-11-20T10:00:00Z');
  expect((await queryBreakdown(ctx, query)).meta.cache.status).toBe('miss');
  expect(await queryBreakdown(ctx, query)).toMatchObject({ rows: [{ events: 1 }], meta: { cache: { status: 'hit' } } });
  await write(ctx, '2026-11-20T10:00:00Z');
  expect(await queryBreakdown(ctx, query)).toMatchObject({
    rows: [{ events: 2 }],
    meta: { cache: { status: 'miss' } },
  });
});

test('what the cache did is told, and it can be cleared, whole or in part', async () => {
  const ctx = await services.tenantContext();
  const june = { from: '2026-06-01T00:00:00Z', to: '2026-07-01T00:00:00Z' };
  expect(await getCacheStats(ctx)).toMatchObject({ store: 'in-process', hits: 0, misses: 0, hitRate: null });
  const askBoth = async () => [(await ask(ctx, DAY)).meta.cache.status, (await ask(ctx, june)).meta.cache.status];
  expect(await askBoth()).toEqual(['miss', 'miss']);
  expect(await askBoth()).toEqual(['hit', 'hit']);
  await clearCache(ctx, { tags: ['m:2026-06'] });
  expect(await askBoth()).toEqual(['hit', 'miss']);
  await clearCache(ctx, {});
  expect(await askBoth()).toEqual(['miss', 'miss']);
  const stats = await getCacheStats(ctx);
  expect(stats).toMatchObject({
    hits: 3,
    misses: 5,
    stale: 0,
    tiers: {
      realtime: { hits: 0, misses: 0, stale: 0, ttlMs: 30_000 },
      recent: { hits: 2, misses: 2, stale: 0, ttlMs: 300_000 },
      historical: { hits: 1, misses: 3, stale: 0, ttlMs: 3_600_000 },
    },
    computations: 5,
    invalidations: 2,
    hitRate: 3 / 8,
    size: { entries: 2 },
  });
  expect(stats.size.bytes).toBeGreaterThan(100);
});
