import type { Outcome } from './fuzz-case.ts';

/** What became of one input, and whether its schema accepts it. */
export type Tried = Outcome & { readonly isValid: boolean };

type Counts = { tried: number; valid: number; answered: number; compared: number };

/** What came of the inputs, by procedure. */
export class FuzzTally {
  readonly #byPath = new Map<string, Counts>();

  add(path: string, tried: Tried): void {
    const counts = this.of(path);
    counts.tried += 1;
    if (tried.isValid) counts.valid += 1;
    if (tried.refusal !== undefined) return;
    counts.answered += 1;
    if (tried.isCompared) counts.compared += 1;
  }

  of(path: string): Counts {
    const counts = this.#byPath.get(path) ?? { tried: 0, valid: 0, answered: 0, compared: 0 };
    this.#byPath.set(path, counts);
    return counts;
  }

  /** Of all inputs, 0 to 1. */
  share(what: keyof Counts): number {
    return this.#sum(what) / this.#sum('tried');
  }

  toString(): string {
    const lines = [...this.#byPath].map(([path, { tried, valid, answered, compared }]) =>
      [path.padEnd(24), ...[tried, valid, answered, compared].map((count) => String(count).padStart(8))].join(''),
    );
    const percent = (what: keyof Counts) => `${(100 * this.share(what)).toFixed(1)} % ${what}`;
    const total = `${this.#sum('tried')} inputs: ${(['valid', 'answered', 'compared'] as const).map(percent).join(', ')}`;
    return ['procedure                  tried   valid answered compared', ...lines, total].join('\n');
  }

  #sum(what: keyof Counts): number {
    return this.#byPath.values().reduce((sum, counts) => sum + counts[what], 0);
  }
}
