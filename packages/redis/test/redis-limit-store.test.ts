import { randomUUID } from 'node:crypto';
import { describeWithRedis, describeWithRedisServer, RedisCluster, RedisServer } from '@tidemark/testing';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createRedisLimitStore, type LimitStore } from '../src/index.ts';
import { checkLimitLaw } from './check-limit-law.ts';
import { chargeFixture, limitContract } from './limit-contract.ts';
import { watchCommands } from './watch-commands.ts';

async function open(url: string): Promise<LimitStore> {
  const store = createRedisLimitStore({ url });
  await untilShared(store);
  return store;
}

async function untilShared(store: LimitStore): Promise<void> {
  await expect.poll(() => store.state, { timeout: 20_000, interval: 10 }).toBe('shared');
}

async function openAll(url: string, count: number, stack: AsyncDisposableStack): Promise<LimitStore[]> {
  return await Promise.all(Array.from({ length: count }, async () => stack.use(await open(url))));
}

describeWithRedis('with Redis', ({ url }) => {
  limitContract('Redis', () => open(url), { runs: 50 });

  test('servers of one Redis never admit more than one window holds, plus one each', { timeout: 120_000 }, async () => {
    await using stack = new AsyncDisposableStack();
    await checkLimitLaw(await openAll(url, 3, stack), { runs: 200 });
  });

  test('two servers share a budget, and what one has used up the other hears with its next call', async () => {
    await using stack = new AsyncDisposableStack();
    const [one, other] = await openAll(url, 2, stack);
    const charge = chargeFixture({ budget: 2 });
    expect((await one?.charge([charge]))?.counts).toMatchObject([{ used: 1 }]);
    expect((await other?.charge([charge]))?.counts).toMatchObject([{ used: 2 }]);
    expect((await one?.charge([charge]))?.isAdmitted).toBe(false);
  });

  test('asks Redis once for a call, and not at all for one that is known to be used up', async () => {
    await using store = await open(url);
    const owner = randomUUID();
    const charges = ['key', 'cap'].map((name) => chargeFixture({ owner, name, budget: 2 }));
    await store.charge(charges);
    const commands = await watchCommands(url, owner);
    for (let time = 0; time < 10; time += 1) await store.charge(charges);
    const seen = (await commands.stop()).filter((name) => name === 'evalsha');
    expect(seen).toEqual(['evalsha', 'evalsha']);
  });

  test('leaves nothing in Redis that does not expire', async () => {
    await using store = await open(url);
    const charge = chargeFixture();
    await store.charge([charge]);
    const client = new Redis(url);
    const keys = await client.keys(`*${charge.owner}*`);
    expect(keys).toEqual([`tidemark:1:{${charge.owner}}:l:60:analytics:key`]);
    expect(await client.pttl(keys[0] ?? '')).toBeGreaterThan(0);
    client.disconnect();
  });
});

describeWithRedisServer('with a Redis Cluster', ({ path }) => {
  const stack = new AsyncDisposableStack();
  let cluster: RedisCluster;
  beforeAll(async () => {
    cluster = stack.use(await RedisCluster.start(path));
  });
  afterAll(() => stack.disposeAsync());

  limitContract('Redis Cluster', () => open(cluster.url), { runs: 50 });

  test('servers of one cluster never admit more than one window holds, plus one each', {
    timeout: 120_000,
  }, async () => {
    await using stores = new AsyncDisposableStack();
    await checkLimitLaw(await openAll(cluster.url, 3, stores), { runs: 100 });
  });
});

describeWithRedisServer('a limit store whose Redis is lost', ({ path }) => {
  describe.each(['killed', 'frozen'] as const)('%s', (how) => {
    test('counts for itself, says so, and shares again by itself', { timeout: 60_000 }, async () => {
      await using redis = await RedisServer.start(path);
      await using stack = new AsyncDisposableStack();
      const stores = await openAll(redis.url, 2, stack);
      const charge = chargeFixture({ budget: 5 });
      for (const store of stores) expect((await store.charge([charge])).isAdmitted).toBe(true);
      if (how === 'killed') await redis.kill();
      else redis.freeze();
      for (const store of stores) {
        const admitted: boolean[] = [];
        for (let time = 0; time < 7; time += 1) admitted.push((await store.charge([charge])).isAdmitted);
        // Each as much as both together should.
        expect(admitted).toEqual([true, true, true, true, true, false, false]);
        await expect.poll(() => store.state, { timeout: 10_000 }).toBe('per-server');
        expect(store.findUsedUp(charge)).toBeDefined();
        expect(await store.read([charge])).toMatchObject([{ used: 5 }]);
      }
      if (how === 'killed') await redis.restart();
      else redis.thaw();
      for (const store of stores) await untilShared(store);
      const again = chargeFixture({ budget: 1 });
      const outcomes: boolean[] = [];
      for (const store of stores) outcomes.push((await store.charge([again])).isAdmitted);
      expect(outcomes).toEqual([true, false]);
    });
  });

  test('opens without Redis, and shares once it is there', async () => {
    await using redis = await RedisServer.start(path);
    await redis.kill();
    await using store = createRedisLimitStore({ url: redis.url });
    const charge = chargeFixture();
    expect([(await store.charge([charge])).isAdmitted, store.state]).toEqual([true, 'per-server']);
    await redis.restart();
    await untilShared(store);
    expect(await store.read([charge])).toMatchObject([{ used: 0 }]);
  });
});
