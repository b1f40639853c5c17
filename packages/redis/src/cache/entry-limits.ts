/** Kept no longer, whoever asks: what nobody asked for during a day is computed again. */
const LONGEST_KEEP_MS = 86_400_000;
/** An answer of this size is an export in disguise: keeping it would push hundreds of others out. */
export const MAX_ENTRY_BYTES = 2 * 1024 * 1024;

/** Whole ms to keep an entry, undefined where it is not to be kept at all. */
export function toKeepMs(keepMs: number): number | undefined {
  const whole = Math.floor(Math.min(keepMs, LONGEST_KEEP_MS));
  return whole >= 1 ? whole : undefined;
}
