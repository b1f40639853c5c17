import type { LabFigure } from '@tidemark/schemas';
import type { Recorder } from './scenario.ts';

/** Latencies beyond this many are drawn from: a phase may hold a hundred thousand calls. */
const MAX_LATENCIES = 10_000;

/** Counts calls by outcome, and their latencies, since it was last taken. */
export class CallRecorder implements Recorder {
  readonly #counts = new Map<string, number>();
  readonly #states = new Map<string, LabFigure>();
  #latencies: number[] = [];
  #calls = 0;
  #since = performance.now();

  record(outcome: string, tookMs: number): void {
    this.#calls += 1;
    this.#counts.set(outcome, (this.#counts.get(outcome) ?? 0) + 1);
    if (this.#latencies.length < MAX_LATENCIES) this.#latencies.push(tookMs);
    else this.#replaceOne(tookMs);
  }

  /** Keeps each call with the same chance (Vitter's algorithm R). */
  #replaceOne(tookMs: number): void {
    const place = Math.floor(Math.random() * this.#calls);
    if (place < MAX_LATENCIES) this.#latencies[place] = tookMs;
  }

  set(figure: LabFigure): void {
    this.#states.set(figure.name, figure);
  }

  /** What was recorded since this was last asked: rate, latencies, calls by outcome, and the states as they are. */
  take(): LabFigure[] {
    const seconds = (performance.now() - this.#since) / 1_000;
    const sorted = this.#latencies.toSorted((one, other) => one - other);
    const figures: LabFigure[] = [
      { name: 'requests', value: seconds > 0 ? Math.round(this.#calls / seconds) : 0, unit: 'per_second' },
      ...toPercentiles(sorted),
      ...[...this.#counts].map(([name, value]) => ({ name, value, unit: 'count' as const })),
      ...this.#states.values(),
    ];
    this.#counts.clear();
    this.#latencies = [];
    this.#calls = 0;
    this.#since = performance.now();
    return figures;
  }
}

/** p50, p95 and p99 by the nearest rank; none of no calls. */
function toPercentiles(sorted: readonly number[]): LabFigure[] {
  if (sorted.length === 0) return [];
  return [50, 95, 99].map((share) => ({
    name: `p${share}`,
    value: Math.round(toPercentile(sorted, share / 100) * 10) / 10,
    unit: 'ms',
  }));
}

/** The value below which a share of the sorted samples lies; NaN of none. */
export function toPercentile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}
