import { RateLimiterRedis } from 'rate-limiter-flexible';
import type { ConnectionState } from '../bus/bus.ts';
import { closeConnections, connectRedis, isTimeout, type RedisConnection } from '../connect-redis.ts';
import { ConnectionReporter } from '../connection-reporter.ts';
import { Heartbeat } from '../heartbeat.ts';
import { parseRedisUrl } from '../redis-address.ts';
import { createInProcessLimitStore } from './create-in-process-limit-store.ts';
import type { Charge, Charged, Count, LimitState, LimitStore } from './limit-store.ts';
import { UsedUpBudgets } from './used-up-budgets.ts';
import { COUNTING_ONLY, countUse, readCount, toCount } from './window-counter.ts';

/** The command that the library defines: it takes its key before its number of keys. */
const SCRIPTS = ['rlflxIncr'];

export type RedisLimitStoreOptions = {
  /** As `parseRedisUrl` reads it. */
  readonly url: string;
  /** Told when Redis is lost, with the reason, and when it is back. */
  readonly onStateChange?: (state: ConnectionState, reason: Error | undefined) => void;
};

/**
 * The limits of servers that share a Redis, or a Redis Cluster, by its own time. It opens at once. While Redis is away
 * each server counts for itself; when it is back, what was counted meanwhile is forgotten.
 */
export function createRedisLimitStore(options: RedisLimitStoreOptions): LimitStore {
  return new RedisLimitStore(options);
}

class RedisLimitStore implements LimitStore {
  readonly #redis: RedisConnection;
  readonly #limiter: RateLimiterRedis;
  readonly #usedUp = new UsedUpBudgets();
  readonly #insurance = createInProcessLimitStore();
  readonly #reporter: ConnectionReporter;
  readonly #heartbeat: Heartbeat;

  constructor({ url, onStateChange }: RedisLimitStoreOptions) {
    this.#redis = connectRedis(parseRedisUrl(url), 'limits', SCRIPTS);
    this.#limiter = new RateLimiterRedis({ ...COUNTING_ONLY, storeClient: this.#redis });
    this.#reporter = new ConnectionReporter({ isConnected: () => this.#isAvailable, onStateChange });
    this.#reporter.watch(this.#redis);
    this.#heartbeat = new Heartbeat(this.#redis);
  }

  get state(): LimitState {
    return this.#isAvailable ? 'shared' : 'per-server';
  }

  async charge(charges: readonly Charge[]): Promise<Charged> {
    const counts = charges.map((charge) => this.#usedUp.find(charge));
    if (counts.some((count) => count !== undefined)) return { isAdmitted: false, counts };
    return await this.#insured(
      async () => this.#usedUp.decide(charges, await Promise.all(charges.map((charge) => this.#count(charge)))),
      () => this.#insurance.charge(charges),
    );
  }

  findUsedUp(charge: Charge): Count | undefined {
    return this.#usedUp.find(charge) ?? (this.#isAvailable ? undefined : this.#insurance.findUsedUp(charge));
  }

  async read(charges: readonly Charge[]): Promise<readonly Count[]> {
    return await this.#insured(
      () => Promise.all(charges.map((charge) => readCount(this.#limiter, charge))),
      () => this.#insurance.read(charges),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#reporter.stop();
    this.#heartbeat[Symbol.dispose]();
    await this.#insurance[Symbol.asyncDispose]();
    await closeConnections([this.#redis]);
  }

  get #isAvailable(): boolean {
    return this.#redis.status === 'ready';
  }

  async #count(charge: Charge): Promise<Count> {
    return toCount(await countUse(this.#limiter, charge));
  }

  /** Nobody is refused, and nobody waits for long, because Redis is away. */
  async #insured<Result>(ask: () => Promise<Result>, instead: () => Promise<Result>): Promise<Result> {
    // A cluster that was never reached would be waited for.
    if (!this.#isAvailable) return await instead();
    try {
      return await ask();
    } catch (error) {
      if (isTimeout(error)) this.#heartbeat.beat();
      return await instead();
    }
  }
}
