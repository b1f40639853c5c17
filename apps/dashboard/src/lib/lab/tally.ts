import type { LabSample } from './lab-picture.ts';
import { toOutcomeLook } from './outcome-look.ts';

export type Tally = {
  readonly mostPerSecond: number;
  /** Null: nothing was called yet. */
  readonly slowestP95: number | null;
  readonly answered: number;
  readonly refused: number;
};

const SAMPLES_PER_SECOND = 2;

/** What the samples of a run come to. */
export function toTally(samples: readonly LabSample[]): Tally {
  const p95s = samples.flatMap(({ latencies }) => latencies?.p95 ?? []);
  const count = (isRefusal: boolean) =>
    samples
      .flatMap(({ outcomes }) => [...outcomes])
      .filter(([name]) => toOutcomeLook(name).isRefusal === isRefusal)
      .reduce((sum, [, perSecond]) => sum + perSecond / SAMPLES_PER_SECOND, 0);
  return {
    mostPerSecond: Math.max(0, ...samples.map(({ perSecond }) => perSecond)),
    slowestP95: p95s.length === 0 ? null : Math.max(...p95s),
    answered: count(false),
    refused: count(true),
  };
}
