/** Commits that wait at a gap. When there are more, only reading the commits from the database helps anyway. */
export const MAX_PENDING = 1_024;

/**
 * Up to where a tenant's commits were applied without a gap:
 *
 *   unknown ── catchUp ──▶ known ── the next commit, or catchUp ──▶ known, higher
 *
 * Commits beyond a gap, or before anything is known, wait for what is missing.
 */
export class Watermark {
  #value: number | undefined;
  readonly #pending = new Set<number>();

  get value(): number | undefined {
    return this.#value;
  }

  apply(seq: number): void {
    if (this.#value !== undefined && seq <= this.#value) return;
    this.#pending.add(seq);
    if (this.#value !== undefined) this.#raise(this.#value);
    if (this.#pending.size > MAX_PENDING) this.#pending.delete(Math.min(...this.#pending));
  }

  catchUp(seq: number): void {
    if (this.#value === undefined || seq > this.#value) this.#raise(seq);
  }

  #raise(seq: number): void {
    let value = seq;
    while (this.#pending.delete(value + 1)) value += 1;
    this.#value = value;
    for (const waiting of this.#pending) if (waiting <= value) this.#pending.delete(waiting);
  }
}
