import type { ConnectionState } from '../bus/bus.ts';
import { closeConnections, connectRedis, isTimeout, type RedisConnection } from '../connect-redis.ts';
import { ConnectionReporter } from '../connection-reporter.ts';
import { Heartbeat } from '../heartbeat.ts';
import { parseRedisUrl } from '../redis-address.ts';
import { toCacheKeys } from './cache-keys.ts';
import { CACHE_SCRIPTS, CacheScripts } from './cache-scripts.ts';
import type { AppliedCommit, CacheEntry, CacheQuestion, CacheReading, CacheStore } from './cache-store.ts';
import { StoredAnswers } from './stored-answers.ts';

const DEFAULT_MAX_HELD_BYTES = 32 * 1024 * 1024;

export type RedisCacheStoreOptions = {
  /** As `parseRedisUrl` reads it. */
  readonly url: string;
  /** Of answers that are held in the process as well, as JSON. Default: 32 MiB. */
  readonly maxHeldBytes?: number;
  /** Told of answers in Redis that are none of ours. */
  readonly onError?: (error: unknown) => void;
  /** Told when Redis is lost, with the reason, and when it is back. */
  readonly onStateChange?: (state: ConnectionState, reason: Error | undefined) => void;
};

/**
 * The cache of servers that share a Redis, or a Redis Cluster. It opens at once. While Redis is away every verb
 * rejects within two seconds, mostly at once; one that rejects may have been carried out.
 */
export function createRedisCacheStore(options: RedisCacheStoreOptions): CacheStore {
  return new RedisCacheStore(options);
}

class RedisCacheStore implements CacheStore {
  readonly isShared = true;
  readonly #redis: RedisConnection;
  readonly #scripts: CacheScripts;
  readonly #answers: StoredAnswers;
  readonly #reporter: ConnectionReporter;
  readonly #heartbeat: Heartbeat;

  constructor({
    url,
    maxHeldBytes = DEFAULT_MAX_HELD_BYTES,
    onError = () => {},
    onStateChange,
  }: RedisCacheStoreOptions) {
    const redis = connectRedis(parseRedisUrl(url), 'cache', CACHE_SCRIPTS);
    this.#redis = redis;
    this.#scripts = new CacheScripts(redis);
    this.#answers = new StoredAnswers({ redis, maxHeldBytes, onError });
    this.#reporter = new ConnectionReporter({ isConnected: () => this.isAvailable, onStateChange });
    this.#reporter.watch(redis);
    this.#heartbeat = new Heartbeat(redis);
  }

  get isAvailable(): boolean {
    return this.#redis.status === 'ready';
  }

  get held(): CacheStore['held'] {
    return this.#answers.held;
  }

  read(question: CacheQuestion): Promise<CacheReading> {
    return this.#ask(() => this.#read(question));
  }

  write(tenantId: string, key: string, entry: CacheEntry, keepMs: number): Promise<void> {
    return this.#ask(() => this.#answers.write(toCacheKeys(tenantId).answer(key), entry, keepMs));
  }

  apply({ tenantId, seq, tags, readers }: AppliedCommit): Promise<void> {
    return this.#ask(() => this.#scripts.apply({ keys: toCacheKeys(tenantId), seq, tags, readers }));
  }

  findWatermark(tenantId: string): Promise<number | undefined> {
    return this.#ask(async () => toWatermark(await this.#redis.get(toCacheKeys(tenantId).watermark)));
  }

  catchUp(tenantId: string, seq: number, tags: readonly string[]): Promise<void> {
    return this.#ask(() => this.#scripts.catchUp({ keys: toCacheKeys(tenantId), seq, tags }));
  }

  renew(tenantId: string, tags: readonly string[]): Promise<void> {
    return this.#ask(() => this.#scripts.renew({ keys: toCacheKeys(tenantId), tags }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#reporter.stop();
    this.#heartbeat[Symbol.dispose]();
    this.#answers.clear();
    await closeConnections([this.#redis]);
  }

  async #ask<T>(work: () => Promise<T>): Promise<T> {
    // A cluster that was never reached would be waited for.
    if (!this.isAvailable) throw new Error('Redis is away');
    try {
      return await work();
    } catch (error) {
      if (isTimeout(error)) this.#heartbeat.beat();
      throw error;
    }
  }

  async #read({ tenantId, key, tags, reader }: CacheQuestion): Promise<CacheReading> {
    const keys = toCacheKeys(tenantId);
    const generationKeys = tags.map((tag) => keys.generation(tag));
    // Asked in one tick, they travel together.
    const [[watermark, acknowledged, acknowledgedToAll, ...generations], entry] = await Promise.all([
      this.#redis.mget(keys.watermark, keys.acknowledged(reader), keys.acknowledgedToAll, ...generationKeys),
      this.#answers.find(keys.answer(key)),
    ]);
    return {
      entry,
      generations: await this.#beginMissing(generationKeys, generations),
      acknowledgedSeq: Math.max(Number(acknowledged ?? 0), Number(acknowledgedToAll ?? 0)),
      watermark: toWatermark(watermark),
    };
  }

  async #beginMissing(
    generationKeys: readonly string[],
    found: readonly (string | null)[],
  ): Promise<readonly string[]> {
    const missing = generationKeys.filter((_, index) => found[index] === null);
    if (missing.length === 0) return found as readonly string[];
    const begun = await this.#scripts.begin(missing);
    const begunByKey = new Map(missing.map((key, index) => [key, begun[index] ?? '']));
    return generationKeys.map((key, index) => found[index] ?? begunByKey.get(key) ?? '');
  }
}

function toWatermark(text: string | null | undefined): number | undefined {
  return text === null || text === undefined ? undefined : Number(text);
}
