/** A way to take all answers out of a cache that depend on one tag. */
export type Way = AsyncDisposable & {
  /** Keeps so many answers of some 600 bytes, all of which depend on the tag. */
  fill(count: number): Promise<void>;
  /** What is timed. */
  invalidate(): Promise<void>;
  /** How many could still be served as fresh, of all or of a sample. */
  countServable(): Promise<number>;
};

/** About a day by the hour without groups. */
export const ANSWER = { series: Array.from({ length: 24 }, (_, hour) => ({ hour, events: 4_096 })) };
export const ANSWER_TEXT = JSON.stringify(ANSWER);
