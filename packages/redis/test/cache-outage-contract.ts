import { randomUUID } from 'node:crypto';
import { RedisCluster, type RedisServer } from '@tidemark/testing';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ConnectionState, createRedisCacheStore } from '../src/index.ts';
import { ask, isFresh, keep } from './cache-fixture.ts';
import { openRedisStore, untilAvailable } from './open-redis-store.ts';

/** What a store keeps when its Redis, or all nodes of its cluster, are lost in one way or another. */
export function cacheOutageContract(name: string, start: () => Promise<RedisServer | RedisCluster>): void {
  describe(`a cache store whose ${name} is lost`, () => {
    const stack = new AsyncDisposableStack();
    let redis: RedisServer | RedisCluster;
    beforeAll(async () => {
      redis = stack.use(await start());
    });
    afterAll(() => stack.disposeAsync());

    test('refuses, says so, and comes back by itself', async () => {
      const states: ConnectionState[] = [];
      const onStateChange = (state: ConnectionState) => states.push(state);
      await using store = await openRedisStore({ url: redis.url, onStateChange });
      const tenantId = randomUUID();
      await redis.kill();
      await expect.poll(() => store.isAvailable).toBe(false);
      const attempts = [
        ask(store, { tenantId, tags: ['a'] }),
        store.write(tenantId, 'question', { value: 1, seq: 1, generations: [], computedAt: 1 }, 60_000),
        store.apply({ tenantId, seq: 1, tags: ['a'], readers: ['reader'] }),
        store.catchUp(tenantId, 1, ['a']),
        store.renew(tenantId, ['a']),
        store.findWatermark(tenantId),
      ];
      const outcomes = await Promise.allSettled(attempts);
      expect(outcomes.map(({ status }) => status)).toEqual(attempts.map(() => 'rejected'));
      expect(store.isAvailable).toBe(false);
      await redis.restart();
      await untilAvailable(store);
      await keep(store, { tenantId, tags: ['a'] });
      expect(isFresh(await ask(store, { tenantId, tags: ['a'] }))).toBe(true);
      expect(states).toEqual(['reconnecting', 'connected']);
    });

    test('opens without it, and works once it is there', async () => {
      await redis.kill();
      await using store = createRedisCacheStore({ url: redis.url });
      await expect(store.findWatermark(randomUUID())).rejects.toThrow();
      await redis.restart();
      await untilAvailable(store);
      expect(await store.findWatermark(randomUUID())).toBe(undefined);
    });

    test('gives up a command that gets no answer, and then the link', async () => {
      await using store = await openRedisStore({ url: redis.url });
      const tenantId = randomUUID();
      const entry = await keep(store, { tenantId, tags: ['a'] });
      for (const node of toNodes(redis)) node.freeze();
      await expect(ask(store, { tenantId, tags: ['a'] })).rejects.toThrow();
      await expect.poll(() => store.isAvailable, { timeout: 10_000 }).toBe(false);
      for (const node of toNodes(redis)) node.thaw();
      await expect.poll(() => ask(store, { tenantId, tags: ['a'] }).catch(() => undefined)).toMatchObject({ entry });
    });

    test.each(['flushed', 'started empty'])('finds nothing fresh and no watermark after it was %s', async (how) => {
      await using store = await openRedisStore({ url: redis.url });
      await using other = await openRedisStore({ url: redis.url });
      const tenantId = randomUUID();
      await keep(store, { tenantId, tags: ['a'] });
      await store.catchUp(tenantId, 6, []);
      await store.apply({ tenantId, seq: 7, tags: [], readers: ['reader'] });
      if (how === 'flushed') for (const node of toNodes(redis)) await node.flush();
      else await redis.restart();
      for (const asked of [store, other]) {
        await untilAvailable(asked);
        const reading = await ask(asked, { tenantId, tags: ['a'] });
        expect(isFresh(reading)).toBe(false);
        expect(reading).toMatchObject({ acknowledgedSeq: 0, watermark: undefined });
      }
      await store.apply({ tenantId, seq: 8, tags: ['a'], readers: [] });
      expect(await store.findWatermark(tenantId)).toBeUndefined();
    });

    test('has a lower watermark after it began from an old snapshot', async () => {
      await using store = await openRedisStore({ url: redis.url });
      const tenantId = randomUUID();
      const tags = ['a'];
      await store.catchUp(tenantId, 5, []);
      await keep(store, { tenantId, tags });
      await eachNode(redis, (node) => node.save());
      await store.apply({ tenantId, seq: 6, tags, readers: ['reader'] });
      expect(await ask(store, { tenantId, tags })).toMatchObject({ watermark: 6, acknowledgedSeq: 6 });
      await redis.restart();
      await untilAvailable(store);
      const reading = await ask(store, { tenantId, tags });
      // Here lies the danger, and this is what tells of it.
      expect(isFresh(reading)).toBe(true);
      expect(reading.watermark).toBe(5);
      await store.catchUp(tenantId, 6, tags);
      expect(isFresh(await ask(store, { tenantId, tags }))).toBe(false);
      expect(await store.findWatermark(tenantId)).toBe(6);
      await eachNode(redis, async (node) => {
        await node.flushall();
        await node.save();
      });
    });
  });
}

function toNodes(redis: RedisServer | RedisCluster): readonly RedisServer[] {
  return redis instanceof RedisCluster ? redis.nodes : [redis];
}

async function eachNode(redis: RedisServer | RedisCluster, work: (node: Redis) => Promise<unknown>): Promise<void> {
  for (const { port } of toNodes(redis)) {
    const node = new Redis(port, '127.0.0.1');
    await work(node);
    node.disconnect();
  }
}
