import { randomUUID } from 'node:crypto';
import { describeWithRedis, describeWithRedisServer, RedisServer } from '@tidemark/testing';
import { Redis } from 'ioredis';
import { describe, expect, test } from 'vitest';
import { cacheContract } from './cache-contract.ts';
import { ask, entryFixture, isFresh, keep } from './cache-fixture.ts';
import { cacheOutageContract } from './cache-outage-contract.ts';
import { checkAgainstModel } from './check-against-model.ts';
import { openRedisStore } from './open-redis-store.ts';
import { watchCommands } from './watch-commands.ts';

describeWithRedis('with Redis', ({ url }) => {
  cacheContract('Redis', { openStore: () => openRedisStore({ url }), modelRuns: 100 });

  describe('two stores of one Redis', () => {
    test('see each other’s answers and renewals', async () => {
      await using one = await openRedisStore({ url });
      await using other = await openRedisStore({ url });
      const question = { tenantId: randomUUID(), tags: ['a'] };
      const first = await keep(one, { ...question, value: 1 });
      expect((await ask(other, question)).entry).toEqual(first);
      await other.renew(question.tenantId, ['a']);
      expect(isFresh(await ask(one, question))).toBe(false);
      const second = await keep(other, { ...question, value: 2 });
      const reading = await ask(one, question);
      expect(reading.entry).toEqual(second);
      expect(isFresh(reading)).toBe(true);
    });

    test('are one cache to a model of it', { timeout: 120_000 }, async () => {
      await using one = await openRedisStore({ url });
      await using other = await openRedisStore({ url, maxHeldBytes: 1_000 });
      await checkAgainstModel([one, other], { runs: 100 });
    });

    test('keep an answer no longer than whoever wrote it said', async () => {
      await using one = await openRedisStore({ url });
      await using other = await openRedisStore({ url });
      const question = { tenantId: randomUUID(), tags: ['a'] };
      await keep(one, { ...question, keepMs: 300 });
      await ask(other, question);
      for (const store of [one, other]) {
        await expect.poll(async () => (await ask(store, question)).entry).toBeUndefined();
      }
    });
  });

  describe('a Redis cache store', () => {
    test('fetches an answer once, and again only after another was written', async () => {
      await using store = await openRedisStore({ url });
      await using other = await openRedisStore({ url });
      const question = { tenantId: randomUUID(), tags: ['a'] };
      const commands = await watchCommands(url, `{${question.tenantId}}:a:`);
      await keep(other, { ...question, value: 'other' });
      for (let round = 0; round < 3; round += 1) await ask(store, question);
      await keep(other, { ...question, value: 'another' });
      for (let round = 0; round < 3; round += 1) await ask(store, question);
      // The first is of the writer, before there was anything.
      expect((await commands.stop()).filter((name) => name === 'get')).toHaveLength(3);
    });

    test('reads in one MGET and one look at the answer when nothing is missing', async () => {
      await using store = await openRedisStore({ url });
      const question = { tenantId: randomUUID(), tags: ['a', 'b', 'c'] };
      await keep(store, question);
      const commands = await watchCommands(url, question.tenantId);
      await ask(store, question);
      expect(await commands.stop()).toEqual(['mget', 'getrange']);
    });

    test.each(['not json', '"text"', 'null', '{"value":1}', '{"value":1,"seq":"1","generations":[],"computedAt":1}'])(
      'takes %s for no answer, and reports it',
      async (text) => {
        const errors: unknown[] = [];
        await using store = await openRedisStore({ url, onError: (error) => errors.push(error) });
        const tenantId = randomUUID();
        const client = new Redis(url);
        await client.set(`tidemark:1:{${tenantId}}:a:question`, `${'v'.repeat(22)}${text}`, 'PX', 60_000);
        client.disconnect();
        expect((await ask(store, { tenantId })).entry).toBeUndefined();
        expect(errors).toHaveLength(1);
        const entry = entryFixture();
        await store.write(tenantId, 'question', entry, 60_000);
        expect((await ask(store, { tenantId })).entry).toEqual(entry);
      },
    );

    test('leaves nothing in Redis that does not expire, and nothing but what it counts', async () => {
      await using store = await openRedisStore({ url });
      const tenantId = randomUUID();
      await keep(store, { tenantId, tags: ['a', 'b'] });
      await store.catchUp(tenantId, 1, ['c']);
      await store.apply({ tenantId, seq: 2, tags: ['a'], readers: ['reader'] });
      await store.apply({ tenantId, seq: 4, tags: ['d'], readers: [] });
      const client = new Redis(url);
      const keys = (await client.keys(`*${tenantId}*`)).toSorted();
      const times = await Promise.all(keys.map((key) => client.pttl(key)));
      client.disconnect();
      expect(keys.map((key) => key.replace(`tidemark:1:{${tenantId}}:`, ''))).toEqual([
        'a:question',
        'ack:reader',
        'acks',
        'g:a',
        'g:b',
        'g:c',
        'g:d',
        'pending',
        'seq',
      ]);
      expect(times.every((time) => time > 0)).toBe(true);
    });
  });
});

describeWithRedisServer('with a Redis of its own', ({ path }) => {
  cacheOutageContract('Redis', () => RedisServer.start(path));
});
