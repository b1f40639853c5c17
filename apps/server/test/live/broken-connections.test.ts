import { createTidemark, toTidemarkError } from '@tidemark/client';
import { auditTenant, CuttingProxy, describeWithRedisServer, Ledger, RedisServer, runLoad } from '@tidemark/testing';
import { expect, test } from 'vitest';
import { logTail, logWatch } from './stream-log.ts';
import { TwoServers } from './two-servers.ts';

const DAY_MS = 86_400_000;

/** Holds the present with all that a load sends of the last days, from end to end. */
function recentDays() {
  const now = Date.now();
  const at = (days: number) => new Date(now + days * DAY_MS).toISOString();
  return { from: at(-4), to: at(1), interval: 'hour' as const };
}

/** What is stored, by PostgreSQL: the ids of all events in the order they were committed, and the numbers of a range. */
async function findTruth({ oracle, tenantId }: TwoServers, { from, to }: { from: string; to: string }) {
  const rows = await oracle.ask(
    `SELECT key.id FROM commits, unnest(ids) WITH ORDINALITY AS key(id, place)
     WHERE tenant_id = $1 ORDER BY seq, place`,
    [tenantId],
  );
  const [numbers] = await oracle.ask(
    `SELECT count(*) AS events, count(DISTINCT user_id) AS users, (SELECT count(*) FROM events WHERE tenant_id = $1) AS stored
     FROM events WHERE tenant_id = $1 AND occurred_at >= $2 AND occurred_at < $3`,
    [tenantId, from, to],
  );
  return {
    ids: rows.map(({ id }) => id ?? ''),
    stored: Number(numbers?.stored),
    totals: { events: Number(numbers?.events), users: Number(numbers?.users) },
  };
}

describeWithRedisServer('over two servers', ({ path }) => {
  test.each([1, 2])(
    'connections cut at random: a tail ends with every event once, in commit order, a watch with the final numbers (seed %i)',
    { timeout: 180_000 },
    async (seed) => {
      await using stack = new AsyncDisposableStack();
      const redis = stack.use(await RedisServer.start(path));
      const servers = stack.use(await TwoServers.open(redis.url));
      const proxy = stack.use(await CuttingProxy.open({ ports: servers.ports, seed, maxBytes: 120_000 }));
      const { secret: viewer } = await servers.createKey('viewer');
      const { secret: ingest } = await servers.createKey('ingest');
      const range = recentDays();
      const reader = () => createTidemark({ url: proxy.url, key: viewer });
      const tails = [stack.use(logTail(reader())), stack.use(logTail(reader()))];
      const watch = stack.use(logWatch(reader(), range));
      await Promise.all(tails.map(({ began }) => began));

      const ledger = new Ledger();
      const ending = new AbortController();
      const load = runLoad({ url: proxy.url, key: ingest, ledger, signal: ending.signal, senders: 3, maxBatch: 60 });
      await Promise.race([ledger.untilMore(3_000), load]);
      ending.abort();
      await load;

      const truth = await findTruth(servers, range);
      expect(truth.ids).toHaveLength(truth.stored);
      for (const tail of tails) await tail.until((heard) => heard.length >= truth.ids.length);
      for (const tail of tails) expect(tail.heard).toEqual(truth.ids);
      await watch.until((answers) => answers.at(-1)?.totals.events === truth.totals.events);
      expect(watch.heard.at(-1)?.totals).toEqual(truth.totals);

      expect(await auditTenant(servers.oracle, { tenantId: servers.tenantId, ledger })).toEqual([]);
      expect(proxy.cuts).toBeGreaterThan(20);
      expect(Math.min(...tails.map(({ reconnects }) => reconnects))).toBeGreaterThan(3);
    },
  );

  test('servers killed and started again, Redis too: the streams end with the same', { timeout: 180_000 }, async () => {
    await using stack = new AsyncDisposableStack();
    const redis = stack.use(await RedisServer.start(path));
    const servers = stack.use(await TwoServers.open(redis.url));
    const balancer = stack.use(await CuttingProxy.open({ ports: servers.ports, seed: 1 }));
    const { secret: viewer } = await servers.createKey('viewer');
    const { secret: ingest } = await servers.createKey('ingest');
    const range = recentDays();
    const places = [0, 1] as const;
    const reader = (place: 0 | 1) => createTidemark({ url: servers.url(place), key: viewer });
    const tails = places.map((place) => stack.use(logTail(reader(place))));
    const watches = places.map((place) => stack.use(logWatch(reader(place), range)));
    await Promise.all(tails.map(({ began }) => began));

    const ledger = new Ledger();
    const ending = new AbortController();
    const load = runLoad({ url: balancer.url, key: ingest, ledger, signal: ending.signal, senders: 3, maxBatch: 60 });
    load.catch(() => {});
    const faults = [
      () => servers.kill(0),
      () => servers.restart(0),
      () => redis.kill(),
      // Nothing that is committed now is told to the other server.
      () => servers.kill(1),
      () => servers.restart(1),
      () => redis.restart(),
      () => redis.restart(),
    ];
    for (const strike of faults) {
      await Promise.race([ledger.untilMore(600), load]);
      await strike();
    }
    await Promise.race([ledger.untilMore(600), load]);
    ending.abort();
    await load;

    const truth = await findTruth(servers, range);
    expect(truth.ids).toHaveLength(truth.stored);
    for (const tail of tails) await tail.until((heard) => heard.length >= truth.ids.length);
    for (const tail of tails) expect(tail.heard).toEqual(truth.ids);
    for (const watch of watches) {
      await watch.until((answers) => answers.at(-1)?.totals.events === truth.totals.events);
      expect(watch.heard.at(-1)?.totals).toEqual(truth.totals);
    }
    expect(await auditTenant(servers.oracle, { tenantId: servers.tenantId, ledger })).toEqual([]);
    expect(Math.min(...tails.map(({ reconnects }) => reconnects))).toBeGreaterThan(1);
  });

  test('a key that is revoked on one server ends its streams on the other', { timeout: 60_000 }, async () => {
    await using stack = new AsyncDisposableStack();
    const redis = stack.use(await RedisServer.start(path));
    const servers = stack.use(await TwoServers.open(redis.url));
    const { id, secret } = await servers.createKey('viewer');
    const reader = createTidemark({ url: servers.url(1), key: secret });
    const tail = stack.use(logTail(reader));
    const watch = stack.use(logWatch(reader, { last: '1h' }));
    await tail.began;
    await watch.until((answers) => answers.length > 0);
    await servers.revokeKey(id);
    for (const { ended } of [tail, watch]) expect(toTidemarkError(await ended).code).toBe('unauthenticated');
  });
});
