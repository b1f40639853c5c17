import { setTimeout as delay } from 'node:timers/promises';
import { findFreePort } from '@tidemark/database';
import { Redis } from 'ioredis';
import { RedisServer } from './redis-server.ts';

const MASTERS = 3;
const SLOTS = 16_384;
const READY_WITHIN_MS = 30_000;

/** A Redis Cluster of three masters without replicas, which a test may kill and start again on the same ports. */
export class RedisCluster implements AsyncDisposable {
  readonly nodes: readonly RedisServer[];

  private constructor(nodes: readonly RedisServer[]) {
    this.nodes = nodes;
  }

  /** Resolves once every node says that all slots are served. */
  static async start(path: string): Promise<RedisCluster> {
    await using started = new AsyncDisposableStack();
    const nodes: RedisServer[] = [];
    const busPorts: number[] = [];
    for (let index = 0; index < MASTERS; index += 1) {
      // By default the nodes' own port lies 10,000 above, which may not exist.
      const busPort = await findFreePort();
      const args = ['--cluster-enabled', 'yes', '--cluster-port', String(busPort)];
      nodes.push(started.use(await RedisServer.start(path, { args })));
      busPorts.push(busPort);
    }
    await Promise.all(nodes.map((node, index) => join({ node, index, nodes, busPorts })));
    const cluster = new RedisCluster(nodes);
    await cluster.#untilServing();
    started.move();
    return cluster;
  }

  /** Names every node. */
  get url(): string {
    return `redis://${this.nodes.map(({ port }) => `127.0.0.1:${port}`).join(',')}`;
  }

  async kill(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.kill()));
  }

  async restart(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.restart()));
    await this.#untilServing();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.nodes.map((node) => node[Symbol.asyncDispose]()));
  }

  async #untilServing(): Promise<void> {
    await Promise.all(this.nodes.map((node) => ask(node, untilServing)));
  }
}

type Joining = {
  readonly node: RedisServer;
  readonly index: number;
  readonly nodes: readonly RedisServer[];
  readonly busPorts: readonly number[];
};

/** Takes its share of the slots, and meets the nodes before it. */
async function join({ node, index, nodes, busPorts }: Joining): Promise<void> {
  const first = Math.floor((index * SLOTS) / MASTERS);
  const last = Math.floor(((index + 1) * SLOTS) / MASTERS) - 1;
  await ask(node, async (redis) => {
    await redis.call('CLUSTER', 'ADDSLOTSRANGE', first, last);
    for (let earlier = 0; earlier < index; earlier += 1) {
      await redis.call('CLUSTER', 'MEET', '127.0.0.1', nodes[earlier]?.port ?? 0, busPorts[earlier] ?? 0);
    }
  });
}

async function untilServing(redis: Redis): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS;
  while (!isServing(String(await redis.call('CLUSTER', 'INFO')))) {
    if (Date.now() > deadline) throw new Error(`a cluster did not form within ${READY_WITHIN_MS} ms`);
    await delay(50);
  }
}

/** A node that knows only its own slots is not yet one of the cluster. */
function isServing(info: string): boolean {
  return info.includes('cluster_state:ok') && info.includes(`cluster_known_nodes:${MASTERS}`);
}

async function ask<T>(node: RedisServer, work: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(node.port, '127.0.0.1');
  try {
    return await work(redis);
  } finally {
    redis.disconnect();
  }
}
