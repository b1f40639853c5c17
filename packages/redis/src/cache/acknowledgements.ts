/** Readers of a tenant that are told apart. */
const MAX_READERS = 128;

/** The highest sequence acknowledged to each reader. Whoever drops out of it is taken for having heard of everything dropped. */
export class Acknowledgements {
  readonly #byReader = new Map<string, number>();
  #dropped = 0;

  note(reader: string, seq: number): void {
    const highest = Math.max(seq, this.#byReader.get(reader) ?? 0);
    // Set anew, so that the first is the one that was quiet for longest.
    this.#byReader.delete(reader);
    this.#byReader.set(reader, highest);
    if (this.#byReader.size <= MAX_READERS) return;
    const [quietest] = this.#byReader;
    if (quietest === undefined) return;
    this.#byReader.delete(quietest[0]);
    this.#dropped = Math.max(this.#dropped, quietest[1]);
  }

  /** Takes everyone for having heard of `seq`. */
  noteAll(seq: number): void {
    this.#dropped = Math.max(this.#dropped, seq);
  }

  find(reader: string): number {
    return Math.max(this.#byReader.get(reader) ?? 0, this.#dropped);
  }
}
