import { type ResolvedRange, toInstant } from '@tidemark/schemas';
import type { EpochRange } from './resolve-range.ts';

/** A range as it goes out. */
export function toInstants({ from, to }: EpochRange): ResolvedRange {
  return { from: toInstant(from), to: toInstant(to) };
}
