import type { Bench } from './bench.ts';
import { cacheInvalidationBench } from './cache-invalidation/cache-invalidation-bench.ts';
import { cacheTraceBench } from './cache-trace/cache-trace-bench.ts';
import { fairnessBench } from './fairness/fairness-bench.ts';
import { historyBench } from './history/history-bench.ts';
import { ingestBench } from './ingest/ingest-bench.ts';
import { liveBench } from './live/live-bench.ts';
import { servingBench } from './serving/serving-bench.ts';

/** Every benchmark by the name it is called with. */
export const BENCHES: Readonly<Record<string, Bench>> = {
  'cache-trace': cacheTraceBench,
  'cache-invalidation': cacheInvalidationBench,
  fairness: fairnessBench,
  history: historyBench,
  ingest: ingestBench,
  live: liveBench,
  serving: servingBench,
};
