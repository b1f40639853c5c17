import type { Bench } from './bench.ts';
import { ingestBench } from './ingest/ingest-bench.ts';

/** Every benchmark by the name it is called with. */
export const BENCHES: Readonly<Record<string, Bench>> = {
  ingest: ingestBench,
};
