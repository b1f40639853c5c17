const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 10_000;

/**
 * How long to wait before attempt `attempt` (0 is the first repetition): doubling, and half of it
 * random, so that clients cut off together do not come back together.
 */
export function toBackoffMs(attempt: number, random = Math.random): number {
  const ceiling = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** attempt);
  return ceiling / 2 + (ceiling / 2) * random();
}
