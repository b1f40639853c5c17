import { createTidemark } from '@tidemark/client';
import {
  createLoadTenant,
  databaseResource,
  describeWithRedisServer,
  Ledger,
  makeLoadEvents,
  PostgresProxy,
  RedisServer,
  type ServerResource,
  sendBatch,
  serverResource,
} from '@tidemark/testing';
import { expect, test } from 'vitest';

const YEAR = { from: '2026-01-01T00:00:00Z', to: '2027-01-01T00:00:00Z' };
const IN_MARCH = '2026-03-05T12:00:00Z';

const keyOf = async ({ url, platformKey }: ServerResource, tenantId: string, role: 'viewer' | 'admin') =>
  (await createTidemark({ url, key: platformKey, tenantId }).admin.keys.create.mutate({ name: role, role })).secret;

describeWithRedisServer('two servers that share PostgreSQL and Redis', ({ path }) => {
  test('what a server committed and did not live to tell is seen on the other', { timeout: 60_000 }, async () => {
    await using stack = new AsyncDisposableStack();
    const { url: databaseUrl } = stack.use(await databaseResource());
    const { url: redisUrl } = stack.use(await RedisServer.start(path));
    const proxy = stack.use(await PostgresProxy.open(databaseUrl));
    const doomed = stack.use(await serverResource({ databaseUrl: proxy.url, redisUrl }));
    const other = stack.use(await serverResource({ databaseUrl, redisUrl }));
    const tenant = await createLoadTenant(doomed);
    const viewer = createTidemark({ url: other.url, key: await keyOf(other, tenant.id, 'viewer') });
    const ask = async () => await viewer.analytics.summary.query(YEAR);
    expect((await ask()).totals.events).toBe(0);
    expect((await ask()).meta.cache.status).toBe('hit');

    const events = makeLoadEvents(100).map((event) => ({ ...event, occurredAt: IN_MARCH }));
    const held = proxy.holdNextCommit('answer');
    const unanswered = sendBatch({ url: doomed.url, key: tenant.ingestKey, ledger: new Ledger() }, events);
    await held;
    await doomed.kill();
    expect(await unanswered).toMatchObject({ type: 'lost' });

    // Long before its time to live is over: an answer about a past year is kept for an hour.
    await expect.poll(async () => (await ask()).totals.events, { timeout: 10_000 }).toBe(events.length);
    expect((await ask()).meta).toMatchObject({ exact: true, cache: { status: 'hit' } });
  });

  test('a key reads its own writes on either server, whatever becomes of Redis', { timeout: 60_000 }, async () => {
    await using stack = new AsyncDisposableStack();
    const { url: databaseUrl } = stack.use(await databaseResource());
    const redis = stack.use(await RedisServer.start(path));
    const servers = [
      stack.use(await serverResource({ databaseUrl, redisUrl: redis.url })),
      stack.use(await serverResource({ databaseUrl, redisUrl: redis.url })),
    ] as const;
    const { id } = await createLoadTenant(servers[0]);
    const key = await keyOf(servers[0], id, 'admin');
    const [one, two] = servers.map(({ url }) => createTidemark({ url, key }));
    let written = 0;
    const hits = new Map<string, number>();
    const writeAndRead = async (phase: string) => {
      for (let round = 0; round < 10; round++) {
        const [writer, reader] = round % 2 === 0 ? [one, two] : [two, one];
        await writer?.events.ingest.mutate({ events: [{ type: 'view', occurredAt: IN_MARCH }] });
        written += 1;
        expect((await reader?.analytics.summary.query(YEAR))?.totals.events, phase).toBe(written);
        const again = await reader?.analytics.summary.query(YEAR);
        expect(again?.totals.events, phase).toBe(written);
        expect(again?.meta.exact, phase).toBe(true);
        hits.set(phase, (hits.get(phase) ?? 0) + Number(again?.meta.cache.status === 'hit'));
      }
    };

    await writeAndRead('with Redis');
    await redis.kill();
    await writeAndRead('without Redis');
    await redis.restart();
    await writeAndRead('as Redis comes back, empty');
    await redis.flush();
    await writeAndRead('after a flush');
    for (const [phase, count] of hits) expect(count, phase).toBeGreaterThan(0);
    await expect.poll(async () => (await one?.admin.cacheStats.query())?.store, { timeout: 10_000 }).toBe('redis');
  });
});
