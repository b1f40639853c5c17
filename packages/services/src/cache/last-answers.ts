import { LRUCache } from 'lru-cache';
import type { Asked } from './asked.ts';

/** A hundred bytes each. */
const MAX_QUESTIONS = 10_000;

/**
 * Where the last answer to a question about "the last hour" is kept: its range moves on, also while no answer can be
 * computed, and the one of a minute ago is better than none.
 */
export class LastAnswers {
  readonly #keys = new LRUCache<string, string>({ max: MAX_QUESTIONS });

  remember({ key, relativeId }: Asked): void {
    const id = relativeId();
    if (id !== undefined) this.#keys.set(id, key);
  }

  /** The key it is kept under, where it is another than the question has now. */
  find({ key, relativeId }: Asked): string | undefined {
    const id = relativeId();
    const last = id === undefined ? undefined : this.#keys.get(id);
    return last === key ? undefined : last;
  }
}
