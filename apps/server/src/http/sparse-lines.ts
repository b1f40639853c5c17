import type { ErrorCode } from '@tidemark/schemas';

const EVERY_MS = 1_000;

type Line = { readonly at: number; leftOut: number };

/**
 * Which refusals get a line of their own: one of a code each second. Under load and in an outage there are thousands a
 * second of them, which say the same; each is in the metrics, and in the line of its request.
 */
export class SparseLines {
  readonly #elapsed: () => number;
  readonly #last = new Map<ErrorCode, Line>();

  /** `elapsed` is monotonic, in ms. */
  constructor(elapsed: () => number = () => performance.now()) {
    this.#elapsed = elapsed;
  }

  /** How many of the code were left out since its last line; undefined where this one is left out too. */
  take(code: ErrorCode): number | undefined {
    const at = this.#elapsed();
    const last = this.#last.get(code);
    if (last !== undefined && at - last.at < EVERY_MS) {
      last.leftOut += 1;
      return undefined;
    }
    this.#last.set(code, { at, leftOut: 0 });
    return last?.leftOut ?? 0;
  }
}
