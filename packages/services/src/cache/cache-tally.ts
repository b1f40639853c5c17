import { TIERS, type Tier } from '@tidemark/schemas';
import { LRUCache } from 'lru-cache';

const MAX_TENANTS = 10_000;

/** Answers served, by where they came from. */
export type ServedCounts = { hits: number; misses: number; stale: number };

export type CacheCounts = {
  readonly tiers: Readonly<Record<Tier, ServedCounts>>;
  /** Answers computed, also in the background. */
  computations: number;
  invalidations: number;
};

/** Counts what the cache did for each tenant since this server started. */
export class CacheTally {
  readonly #counts = new LRUCache<string, CacheCounts>({ max: MAX_TENANTS });

  add(tenantId: string, what: 'computations' | 'invalidations'): void {
    this.of(tenantId)[what] += 1;
  }

  serve(tenantId: string, tier: Tier, what: keyof ServedCounts): void {
    this.of(tenantId).tiers[tier][what] += 1;
  }

  of(tenantId: string): CacheCounts {
    let counts = this.#counts.get(tenantId);
    if (counts === undefined) {
      counts = { tiers: mapTiers(() => ({ hits: 0, misses: 0, stale: 0 })), computations: 0, invalidations: 0 };
      this.#counts.set(tenantId, counts);
    }
    return counts;
  }
}

/** Something for each tier. */
export function mapTiers<Value>(toValue: (tier: Tier) => Value): Record<Tier, Value> {
  return Object.fromEntries(TIERS.map((tier) => [tier, toValue(tier)])) as Record<Tier, Value>;
}
