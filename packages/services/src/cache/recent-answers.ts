import { LRUCache } from 'lru-cache';
import type { Answer } from '../analytics/answer-question.ts';

/** No reader is further behind than this: what was right so long ago may be served as it is. */
export const REUSE_MS = 1_000;
const MAX_ANSWERS = 2_000;
const MAX_BYTES = 32 * 1024 * 1024;

/** Any answer; what it holds besides its meta is its question's affair. */
export type AnyAnswer = Answer<object>;

/** An answer that was right at a moment. */
export type RightAnswer = {
  readonly answer: AnyAnswer;
  /** Monotonic ms: it holds whatever was committed before. */
  readonly rightAt: number;
  /** Epoch ms. */
  readonly computedAt: number;
};

/** Answers that were right within the last second. */
export class RecentAnswers {
  readonly #answers = new LRUCache<string, RightAnswer>({
    max: MAX_ANSWERS,
    maxSize: MAX_BYTES,
    sizeCalculation: ({ answer }) => this.#sizeOf(answer.value),
  });
  /** One answer is put here many times, and measured once. */
  readonly #sizes = new WeakMap<object, number>();

  find(id: string, now: number): RightAnswer | undefined {
    const known = this.#answers.get(id);
    return known !== undefined && now - known.rightAt <= REUSE_MS ? known : undefined;
  }

  put(id: string, right: RightAnswer): void {
    const known = this.#answers.get(id);
    if (known === undefined || known.rightAt <= right.rightAt) this.#answers.set(id, right);
  }

  clear(): void {
    this.#answers.clear();
  }

  #sizeOf(value: object): number {
    let size = this.#sizes.get(value);
    if (size === undefined) {
      size = JSON.stringify(value).length;
      this.#sizes.set(value, size);
    }
    return size;
  }
}
