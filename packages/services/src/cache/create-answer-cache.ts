import { type CacheStore, createInProcessCacheStore } from '@tidemark/redis';
import type { ResourceOptions } from '../create-resources.ts';
import type { Reads } from '../resilience/reads.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { Tracer } from '../telemetry/tracer.ts';
import { AnswerCache } from './answer-cache.ts';
import { type CacheLayer, CacheLayers } from './cache-layer.ts';
import { CommitReplay } from './commit-replay.ts';

type Parts = { readonly reads: Reads; readonly metrics: Metrics; readonly tracer: Tracer };

/** The cache over the store that servers share, where there is one, and over one of this process. */
export function createAnswerCache(options: ResourceOptions & Parts): AnswerCache {
  const { reads, metrics, tracer, bus, sharedCache, isOnlyServer = false, clock = Date.now } = options;
  const elapsed = options.elapsed ?? (() => performance.now());
  const toLayer = (store: CacheStore): CacheLayer => ({
    store,
    replay: new CommitReplay({ reads, bus, store, elapsed }),
  });
  const layers = new CacheLayers(sharedCache && toLayer(sharedCache), toLayer(createInProcessCacheStore()));
  return new AnswerCache({ layers, isOnlyServer, metrics, tracer, clock, elapsed });
}
