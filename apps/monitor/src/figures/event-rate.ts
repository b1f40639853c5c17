/** A count of everything stored in a fixed range, as of a moment of the server's clock. */
export type Sample = { readonly events: number; readonly asOfMs: number };

/** The average over the time between two samples, which is said along with it. */
export type EventRate = { readonly perSecond: number; readonly overMs: number };

/** Long enough to be steady, short enough to be called now. */
const WINDOW_MS = 10_000;
/** What the small chart of the rate shows, and some more to interpolate from. */
const KEPT_MS = 90_000;

/** Adds a sample; a count that went down (users were erased) begins anew, for it says nothing of a rate. */
export function addSample(samples: readonly Sample[], sample: Sample): readonly Sample[] {
  const last = samples.at(-1);
  if (last === undefined) return [sample];
  if (sample.asOfMs <= last.asOfMs) return samples;
  if (sample.events < last.events) return [sample];
  const oldest = samples.findLastIndex(({ asOfMs }) => asOfMs <= sample.asOfMs - KEPT_MS);
  return [...samples.slice(Math.max(0, oldest)), sample];
}

/** The rate over the last ten seconds, or over as much as is known; undefined before the second sample. */
export function toEventRate(samples: readonly Sample[]): EventRate | undefined {
  const last = samples.at(-1);
  if (last === undefined) return undefined;
  const base = samples.findLast(({ asOfMs }) => asOfMs <= last.asOfMs - WINDOW_MS) ?? samples[0];
  if (base === undefined || base === last) return undefined;
  const overMs = last.asOfMs - base.asOfMs;
  return { perSecond: (last.events - base.events) / (overMs / 1_000), overMs };
}

/** Events per second in each of the last `bins` stretches of `binMs`, oldest first; undefined where unknown. */
export function toRateHistory(samples: readonly Sample[], bins: number, binMs: number): (number | undefined)[] {
  const endMs = samples.at(-1)?.asOfMs ?? 0;
  return Array.from({ length: bins }, (_, index) => {
    const from = countAt(samples, endMs - (bins - index) * binMs);
    const to = countAt(samples, endMs - (bins - index - 1) * binMs);
    return from === undefined || to === undefined ? undefined : (to - from) / (binMs / 1_000);
  });
}

/** The count at a moment, between two samples on a straight line. */
function countAt(samples: readonly Sample[], atMs: number): number | undefined {
  const after = samples.findIndex(({ asOfMs }) => asOfMs >= atMs);
  const right = samples[after];
  if (right === undefined) return undefined;
  if (right.asOfMs === atMs) return right.events;
  const left = samples[after - 1];
  if (left === undefined) return undefined;
  return left.events + ((right.events - left.events) * (atMs - left.asOfMs)) / (right.asOfMs - left.asOfMs);
}
