import { readOutbox } from '@tidemark/database';
import type { Bus, CacheStore } from '@tidemark/redis';
import { LRUCache } from 'lru-cache';
import type { Reads } from '../resilience/reads.ts';
import { ROOT_TAG, toRenewals } from './time-tags.ts';

/** Beyond this many missed commits everything is renewed: reading them would cost more than computing again. */
const MAX_REPLAYED = 1_000;
const MAX_TENANTS = 10_000;

/** When and where a store missed no commit. */
export type Level = {
  /** Monotonic ms: whatever was committed before is in the store. */
  readonly at: number;
  /** The store's watermark then; below it the store has gone back, and is not level any more. */
  readonly watermark: number;
};

export type CommitReplayOptions = {
  readonly reads: Pick<Reads, 'peek'>;
  readonly bus: Bus;
  readonly store: CacheStore;
  /** Monotonic ms. */
  readonly elapsed: () => number;
};

/**
 * Keeps the cache level with the database: what a server committed and did not live, or failed, to tell the
 * cache is read from the outbox and told in its stead. It happens when an answer is about to be served from the cache
 * rather than by a loop: a tenant whom nobody reads costs nothing, and no loop can die.
 */
export class CommitReplay {
  readonly #options: CommitReplayOptions;
  readonly #levels = new LRUCache<string, Level>({ max: MAX_TENANTS });
  readonly #running = new Map<string, { readonly at: number; readonly level: Promise<Level> }>();

  constructor(options: CommitReplayOptions) {
    this.#options = options;
  }

  /**
   * The last time at `notBefore` (monotonic ms) or after when nothing was missing; infinite asks for a time
   * after the call, which no clock is fine enough to tell. Throws where the database cannot tell.
   */
  async level(tenantId: string, notBefore: number): Promise<Level> {
    const known = this.#levels.get(tenantId);
    if (known !== undefined && known.at >= notBefore) return known;
    const running = this.#running.get(tenantId);
    if (running !== undefined && running.at >= notBefore) return await running.level;
    const at = this.#options.elapsed();
    const begun = { at, level: this.#replay(tenantId, at) };
    this.#running.set(tenantId, begun);
    try {
      const level = await begun.level;
      this.#levels.set(tenantId, level);
      return level;
    } finally {
      if (this.#running.get(tenantId) === begun) this.#running.delete(tenantId);
    }
  }

  /** The store may have missed a commit: it is not believed before it was compared again. */
  forget(tenantId: string): void {
    this.#levels.delete(tenantId);
  }

  async #replay(tenantId: string, at: number): Promise<Level> {
    const { reads, bus, store } = this.#options;
    const watermark = await store.findWatermark(tenantId);
    const outbox = await reads.peek(tenantId, (transaction) => readOutbox(transaction, watermark, MAX_REPLAYED));
    if (outbox === undefined) return { at, watermark: watermark ?? 0 };
    const { seq, days } = outbox;
    await store.catchUp(tenantId, seq, days === 'all' ? [ROOT_TAG] : toRenewals(days));
    // Whoever watches did not hear of it either, unless this is but the first look at the tenant.
    if (watermark !== undefined) bus.publish({ tenantId, seq, days: days === 'all' ? [] : [...days] });
    return { at, watermark: seq };
  }
}
