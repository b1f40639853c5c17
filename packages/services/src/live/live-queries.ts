import type { LiveQuery } from './live-query.ts';

/** The queries being watched now, by key: each is computed once, whatever the number of its watchers. */
export class LiveQueries<Answer> {
  readonly #queries = new Map<string, LiveQuery<Answer>>();

  get size(): number {
    return this.#queries.size;
  }

  has(key: string): boolean {
    return this.#queries.has(key);
  }

  /** Queries being watched whose key begins so. */
  count(prefix: string): number {
    let count = 0;
    for (const key of this.#queries.keys()) count += Number(key.startsWith(prefix));
    return count;
  }

  get watchers(): number {
    return Array.from(this.#queries.values(), ({ watchers }) => watchers).reduce((sum, count) => sum + count, 0);
  }

  /** The answers of the key's query from now on, until the signal aborts; `open` makes it where nobody watches it yet. */
  async *watch(key: string, open: () => LiveQuery<Answer>, signal: AbortSignal): AsyncGenerator<Answer> {
    const live = this.#queries.get(key) ?? open();
    this.#queries.set(key, live);
    try {
      yield* live.watch(signal);
    } finally {
      if (live.watchers === 0 && this.#queries.get(key) === live) this.#queries.delete(key);
    }
  }
}
