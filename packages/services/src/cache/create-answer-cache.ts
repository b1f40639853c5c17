import { type CacheStore, createInProcessCacheStore } from '@tidemark/redis';
import type { ResourceOptions } from '../create-resources.ts';
import type { Reads } from '../resilience/reads.ts';
import { AnswerCache } from './answer-cache.ts';
import { type CacheLayer, CacheLayers } from './cache-layer.ts';
import { CommitReplay } from './commit-replay.ts';

/** The cache over the store that servers share, where there is one, and over one of this process. */
export function createAnswerCache(options: ResourceOptions & { readonly reads: Reads }): AnswerCache {
  const { reads, bus, sharedCache, isOnlyServer = false, clock = Date.now } = options;
  const elapsed = options.elapsed ?? (() => performance.now());
  const toLayer = (store: CacheStore): CacheLayer => ({
    store,
    replay: new CommitReplay({ reads, bus, store, elapsed }),
  });
  const layers = new CacheLayers(sharedCache && toLayer(sharedCache), toLayer(createInProcessCacheStore()));
  return new AnswerCache({ layers, isOnlyServer, clock, elapsed });
}
