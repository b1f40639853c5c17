import type { CommitPosition } from '@tidemark/database';

const WINDOW_MS = 1_000;

/** Lets so many events of each second pass, and keeps count of the others. */
export class EventPace {
  readonly #maxPerSecond: number;
  #windowStart = Number.NEGATIVE_INFINITY;
  #passed = 0;
  #skipped = 0;
  #skippedTo: CommitPosition = { seq: 0, index: 0 };

  constructor(maxPerSecond: number) {
    this.#maxPerSecond = maxPerSecond;
  }

  /** Whether an event may pass now (epoch ms); else it is counted as skipped. */
  admits(position: CommitPosition, now: number): boolean {
    this.#begin(now);
    if (this.#passed < this.#maxPerSecond) {
      this.#passed += 1;
      return true;
    }
    this.#skipped += 1;
    this.#skippedTo = position;
    return false;
  }

  /** What was skipped in seconds that are over: told once, and before any later event. */
  takeSkipped(now: number): { skipped: number; position: CommitPosition } | undefined {
    if (this.#skipped === 0 || !this.#isOver(now)) return undefined;
    const taken = { skipped: this.#skipped, position: this.#skippedTo };
    this.#skipped = 0;
    return taken;
  }

  #begin(now: number): void {
    if (!this.#isOver(now)) return;
    this.#windowStart = now;
    this.#passed = 0;
  }

  /** A clock that is set back begins a new second. */
  #isOver(now: number): boolean {
    return now >= this.#windowStart + WINDOW_MS || now < this.#windowStart;
  }
}
