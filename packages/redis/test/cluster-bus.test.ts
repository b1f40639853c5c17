import { randomUUID } from 'node:crypto';
import { describeWithRedisServer, RedisCluster } from '@tidemark/testing';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRedisBus } from '../src/index.ts';
import { busContract } from './bus-contract.ts';
import { Heard, noticeFixture, tenants, untilReconnected } from './heard.ts';

describeWithRedisServer('with a Redis Cluster', ({ path }) => {
  const stack = new AsyncDisposableStack();
  let cluster: RedisCluster;
  beforeAll(async () => {
    cluster = stack.use(await RedisCluster.start(path));
  });
  afterAll(() => stack.disposeAsync());

  busContract('Redis Cluster', (options) => createRedisBus({ url: cluster.url, ...options }));

  test('buses on any two nodes hear each other', async () => {
    for (const [one, other] of [
      [0, 1],
      [1, 2],
      [2, 0],
    ] as const) {
      await using speaker = createRedisBus({ url: `${cluster.nodes[one]?.url}?cluster=1` });
      await using listener = createRedisBus({ url: `${cluster.nodes[other]?.url}?cluster=1` });
      const [heard, tenantId] = [new Heard(), randomUUID()];
      await listener.subscribe(tenantId, heard.listen).ready;
      speaker.publish(noticeFixture(1, tenantId));
      await heard.until(1);
      expect(heard.seqs).toEqual([1]);
    }
  });

  test('a bus whose node dies goes on at another', async () => {
    await using bus = createRedisBus({ url: cluster.url });
    const [heard, tenantId] = [new Heard(), randomUUID()];
    await bus.subscribe(tenantId, heard.listen).ready;
    const subscribed = await Promise.all(cluster.nodes.map(({ url }) => countSubscribed(url, tenantId)));
    const used = subscribed.indexOf(1);
    expect(subscribed.toSorted((one, other) => one - other)).toEqual([0, 0, 1]);
    const reconnected = untilReconnected(bus);
    await cluster.nodes[used]?.kill();
    await reconnected;
    await using speaker = createRedisBus({ url: `${cluster.nodes[(used + 1) % 3]?.url}?cluster=1` });
    await speaker.subscribe(tenants.b, () => {}).ready;
    speaker.publish(noticeFixture(1, tenantId));
    await heard.until(1);
    await cluster.nodes[used]?.restart();
  });
});

async function countSubscribed(url: string, tenantId: string): Promise<number> {
  const client = new Redis(url);
  const [, count] = await client.pubsub('NUMSUB', `tidemark:{${tenantId}}:commits`);
  client.disconnect();
  return Number(count);
}
