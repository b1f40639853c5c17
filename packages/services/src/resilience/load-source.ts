import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import type { LoadSample } from '@tidemark/schemas';
import type { AnswerTimes } from './answer-times.ts';
import type { FairTurns } from './fair-turns.ts';

/** Where samples of load come from. */
export type LoadSource = Disposable & {
  /** Of the server: each call tells of the time since the one before. */
  sample(): LoadSample;
  /** Of tenants that wait for turns they hold themselves: how long (ms). */
  sampleTenants(): ReadonlyMap<string, number>;
};

const RESOLUTION_MS = 10;

/** The load of this process, its questions and its connections for reads. */
export function openLoadSource(turns: FairTurns, times: AnswerTimes): LoadSource {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delays.enable();
  let before = performance.eventLoopUtilization();
  return {
    sample() {
      const { utilization } = performance.eventLoopUtilization(before);
      before = performance.eventLoopUtilization();
      // The histogram tells from tick to tick, in nanoseconds; nothing yet: not a number.
      const loopDelayMs = Math.max(0, delays.percentile(90) / 1e6 - RESOLUTION_MS) || 0;
      delays.reset();
      return {
        loopDelayMs,
        loopUtilisation: utilization,
        waitingMs: turns.crowdedMs,
        answersP95Ms: times.p95(performance.now()),
        ownWaitMs: 0,
      };
    },
    sampleTenants: () => turns.ownWaits,
    [Symbol.dispose]: () => delays.disable(),
  };
}
