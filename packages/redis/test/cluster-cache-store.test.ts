import { randomUUID } from 'node:crypto';
import { describeWithRedisServer, RedisCluster } from '@tidemark/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cacheContract } from './cache-contract.ts';
import { cacheOutageContract } from './cache-outage-contract.ts';
import { checkAgainstModel } from './check-against-model.ts';
import { openRedisStore } from './open-redis-store.ts';

describeWithRedisServer('with a Redis Cluster', ({ path }) => {
  const stack = new AsyncDisposableStack();
  let cluster: RedisCluster;
  beforeAll(async () => {
    cluster = stack.use(await RedisCluster.start(path));
  });
  afterAll(() => stack.disposeAsync());

  cacheContract('Redis Cluster', { openStore: () => openRedisStore({ url: cluster.url }), modelRuns: 60 });

  test('two stores of one cluster are one cache to a model of it', { timeout: 120_000 }, async () => {
    await using one = await openRedisStore({ url: cluster.url });
    await using other = await openRedisStore({ url: `${cluster.nodes[2]?.url}?cluster=1` });
    await checkAgainstModel([one, other], { runs: 60 });
  });

  test('a node that is lost takes its own tenants along, and brings them back', async () => {
    await using store = await openRedisStore({ url: cluster.url });
    const tenants = Array.from({ length: 30 }, () => randomUUID());
    const countServed = async () => {
      const readings = await Promise.allSettled(tenants.map((tenantId) => store.findWatermark(tenantId)));
      return readings.filter(({ status }) => status === 'fulfilled').length;
    };
    expect(await countServed()).toBe(30);
    const [lost] = cluster.nodes;
    await lost?.kill();
    const served = await countServed();
    expect(served).toBeGreaterThan(0);
    expect(served).toBeLessThan(30);
    await lost?.restart();
    await expect.poll(countServed, { timeout: 20_000, interval: 100 }).toBe(30);
  });
});

describeWithRedisServer('with a Redis Cluster of its own', ({ path }) => {
  cacheOutageContract('Redis Cluster', () => RedisCluster.start(path));
});
