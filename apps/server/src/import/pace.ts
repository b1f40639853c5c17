import { setTimeout as sleep } from 'node:timers/promises';

/** Waits so that no more than `perSecond` events go out; without a rate it never waits. */
export function createPace(perSecond: number | undefined): (events: number, signal: AbortSignal) => Promise<void> {
  let nextAt = performance.now();
  return async (events, signal) => {
    if (perSecond === undefined) return;
    const now = performance.now();
    const waitMs = Math.max(0, nextAt - now);
    nextAt = now + waitMs + (events / perSecond) * 1_000;
    if (waitMs > 0) await sleep(waitMs, undefined, { signal });
  };
}
