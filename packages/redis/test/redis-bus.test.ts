import { describeWithRedis, describeWithRedisServer, RedisServer } from '@tidemark/testing';
import { Redis } from 'ioredis';
import { describe, expect, test } from 'vitest';
import type { Bus, ConnectionState } from '../src/index.ts';
import { createRedisBus } from '../src/index.ts';
import { busContract } from './bus-contract.ts';
import { Heard, noticeFixture, tenants, untilReconnected } from './heard.ts';

describeWithRedis('with Redis', ({ url }) => {
  busContract('Redis', (options) => createRedisBus({ url, ...options }));

  describe('two Redis buses', () => {
    test('hear each other, each notice once', async () => {
      await using one = createRedisBus({ url: url });
      await using other = createRedisBus({ url: url });
      const [heardByOne, heardByOther] = [new Heard(), new Heard()];
      await one.subscribe(tenants.a, heardByOne.listen).ready;
      await other.subscribe(tenants.a, heardByOther.listen).ready;
      one.publish(noticeFixture(1));
      await heardByOther.until(1);
      other.publish(noticeFixture(2));
      await heardByOne.until(2);
      expect([heardByOne.seqs, heardByOther.seqs]).toEqual([
        [1, 2],
        [1, 2],
      ]);
    });

    test('keep tenants apart', async () => {
      await using one = createRedisBus({ url: url });
      await using other = createRedisBus({ url: url });
      const [heardOfA, heardOfB] = [new Heard(), new Heard()];
      await other.subscribe(tenants.a, heardOfA.listen).ready;
      await other.subscribe(tenants.b, heardOfB.listen).ready;
      one.publish(noticeFixture(1, tenants.a));
      one.publish(noticeFixture(2, tenants.b));
      await heardOfB.until(2);
      expect([heardOfA.seqs, heardOfB.seqs]).toEqual([[1], [2]]);
    });

    test('hear from each other what changed of who may do what, each once', async () => {
      await using one = createRedisBus({ url: url });
      await using other = createRedisBus({ url: url });
      const heard: string[] = [];
      await one.onControl(({ id }) => heard.push(`one ${id}`)).ready;
      await other.onControl(({ id }) => heard.push(`other ${id}`)).ready;
      one.announce({ about: 'key', id: tenants.a });
      await expect.poll(() => heard).toEqual([`one ${tenants.a}`, `other ${tenants.a}`]);
      other.announce({ about: 'tenant', id: tenants.b });
      await expect.poll(() => heard.slice(2)).toEqual([`other ${tenants.b}`, `one ${tenants.b}`]);
    });

    test('leave a channel with its last listener only', async () => {
      await using one = createRedisBus({ url: url });
      await using other = createRedisBus({ url: url });
      const [leaving, staying] = [new Heard(), new Heard()];
      const first = other.subscribe(tenants.a, leaving.listen);
      const last = other.subscribe(tenants.a, staying.listen);
      await Promise.all([first.ready, last.ready]);
      first.unsubscribe();
      one.publish(noticeFixture(1));
      await staying.until(1);
      last.unsubscribe();
      await settle(other);
      const client = new Redis(url);
      expect(await client.pubsub('NUMSUB', `tidemark:{${tenants.a}}:commits`)).toEqual([expect.any(String), 0]);
      client.disconnect();
      expect(leaving.seqs).toEqual([]);
    });

    test('refuse what is no notice of ours, and go on', async () => {
      const errors: unknown[] = [];
      await using bus = createRedisBus({ url: url, onError: (error) => errors.push(error) });
      const heard = new Heard();
      await bus.subscribe(tenants.a, heard.listen).ready;
      const client = new Redis(url);
      const channel = `tidemark:{${tenants.a}}:commits`;
      await client.publish(channel, 'not json');
      await client.publish(channel, '{"sender":"x","notice":{"tenantId":"x","seq":-1,"days":[]}}');
      await client.publish(channel, JSON.stringify({ sender: 'x', notice: noticeFixture(3) }));
      await heard.until(3);
      client.disconnect();
      expect(heard.seqs).toEqual([3]);
      expect(errors).toHaveLength(2);
    });
  });
});

describeWithRedisServer('a Redis bus whose Redis dies', ({ path }) => {
  test('comes back by itself, subscribes again and tells its readers', async () => {
    await using redis = await RedisServer.start(path);
    const states: ConnectionState[] = [];
    await using one = createRedisBus({ url: redis.url });
    await using other = createRedisBus({ url: redis.url, onStateChange: (state) => states.push(state) });
    const [heardByOne, heardByOther] = [new Heard(), new Heard()];
    await one.subscribe(tenants.a, heardByOne.listen).ready;
    await other.subscribe(tenants.a, heardByOther.listen).ready;

    const reconnected = Promise.all([one, other].map(untilReconnected));
    await redis.kill();
    one.publish(noticeFixture(1));
    expect(heardByOne.seqs).toEqual([1]);
    await redis.restart();
    await reconnected;

    one.publish(noticeFixture(2));
    await heardByOther.until(2);
    other.publish(noticeFixture(3));
    await heardByOne.until(3);
    expect(heardByOne.seqs).toEqual([1, 2, 3]);
    expect(states).toEqual(['reconnecting', 'connected']);
  });

  test('serves its own process until Redis is there for the first time', async () => {
    await using redis = await RedisServer.start(path);
    await redis.kill();
    const connected = Promise.withResolvers<void>();
    const onStateChange = (state: ConnectionState) => {
      if (state === 'connected') connected.resolve();
    };
    await using bus = createRedisBus({ url: redis.url, onStateChange });
    const heard = new Heard();
    await bus.subscribe(tenants.a, heard.listen).ready;
    bus.publish(noticeFixture(1));
    expect(heard.seqs).toEqual([1]);
    expect(bus.connectionState).toBe('reconnecting');
    const reconnected = untilReconnected(bus);
    await redis.restart();
    await Promise.all([connected.promise, reconnected]);
    expect(bus.connectionState).toBe('connected');
  });

  test('sends what it published while its own link was cut', async () => {
    await using redis = await RedisServer.start(path);
    await using one = createRedisBus({ url: redis.url });
    await using other = createRedisBus({ url: redis.url });
    const heard = new Heard();
    await one.subscribe(tenants.b, () => {}).ready;
    await other.subscribe(tenants.a, heard.listen).ready;
    one.publish(noticeFixture(1));
    await heard.until(1);
    const client = new Redis(redis.url);
    // Subscribed connections are of another type, so this cuts the publishers alone.
    await client.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    one.publish(noticeFixture(2));
    await heard.until(2);
    client.disconnect();
  });
});

/** Commands of one connection are answered in order, so what the bus sent before has taken effect. */
async function settle(bus: Bus): Promise<void> {
  const subscription = bus.subscribe(tenants.b, () => {});
  await subscription.ready;
  subscription.unsubscribe();
}
