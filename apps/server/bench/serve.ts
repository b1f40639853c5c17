// A server as `serve` starts it, with the benchmarks' procedures beside the API; never part of what ships.
import { serveAlone } from '../src/start/serve-alone.ts';
import { benchRouter } from './bench-router.ts';

await serveAlone(benchRouter);
