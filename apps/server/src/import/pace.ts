import { setTimeout as sleep } from 'node:timers/promises';

/** Waits so that no more than `perSecond` events go out; without a rate it never waits. */
export function createPace(perSecond: number | undefined): (events: number, signal: AbortSignal) => Promise<void> {
  let nextAt = performance.now();
  return async (events, signal) => {
    if (perSecond === undefined) return;
    const at = Math.max(nextAt, performance.now());
    nextAt = at + (events / perSecond) * 1_000;
    await sleep(at - performance.now(), undefined, { signal });
  };
}
