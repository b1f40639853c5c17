/** Listeners of one kind of news in this process. One that throws or leaves does not disturb the others. */
export class Listeners<News> {
  readonly #entries = new Set<{ readonly listener: (news: News) => void }>();
  readonly #onError: (error: unknown) => void;

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Returns how to leave, which says whether it was still there. The same function may be added twice. */
  add(listener: (news: News) => void): () => boolean {
    const entry = { listener };
    this.#entries.add(entry);
    return () => this.#entries.delete(entry);
  }

  deliver(news: News): void {
    for (const entry of Array.from(this.#entries)) {
      // An earlier listener may have made this one leave.
      if (!this.#entries.has(entry)) continue;
      try {
        entry.listener(news);
      } catch (error) {
        this.#onError(error);
      }
    }
  }

  clear(): void {
    this.#entries.clear();
  }
}
