import { LRUCache } from 'lru-cache';

const MAX_TENANTS = 10_000;

export type CacheCounts = {
  hits: number;
  misses: number;
  stale: number;
  /** Answers computed, also in the background. */
  computations: number;
  invalidations: number;
};

/** Counts what the cache did for each tenant since this server started. */
export class CacheTally {
  readonly #counts = new LRUCache<string, CacheCounts>({ max: MAX_TENANTS });

  add(tenantId: string, what: keyof CacheCounts, by = 1): void {
    const counts = this.of(tenantId);
    counts[what] += by;
  }

  of(tenantId: string): CacheCounts {
    let counts = this.#counts.get(tenantId);
    if (counts === undefined) {
      counts = { hits: 0, misses: 0, stale: 0, computations: 0, invalidations: 0 };
      this.#counts.set(tenantId, counts);
    }
    return counts;
  }
}
