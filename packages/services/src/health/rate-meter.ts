const WINDOW_S = 10;

/** Counts per second over the last ten seconds. */
export class RateMeter {
  readonly #clock: () => number;
  /** By second, of which the ring holds one more than it tells. */
  readonly #counts = new Map<number, number>();

  /** `clock` in ms. */
  constructor(clock: () => number) {
    this.#clock = clock;
  }

  add(count: number): void {
    const second = this.#now();
    this.#counts.set(second, (this.#counts.get(second) ?? 0) + count);
    for (const known of this.#counts.keys()) if (known < second - WINDOW_S) this.#counts.delete(known);
  }

  /** Of the last ten whole seconds. */
  get perSecond(): number {
    const second = this.#now();
    let total = 0;
    for (const [known, count] of this.#counts) if (known < second && known >= second - WINDOW_S) total += count;
    return total / WINDOW_S;
  }

  #now(): number {
    return Math.floor(this.#clock() / 1_000);
  }
}
