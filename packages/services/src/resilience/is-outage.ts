import { type Fault, toFault } from '@tidemark/database';
import type { ErrorCode } from '@tidemark/schemas';
import { TidemarkError } from '../tidemark-error.ts';

/** Refusals that say nothing of the question: the answer of before is better than none. */
const OUTAGES: readonly ErrorCode[] = ['unavailable', 'overloaded', 'timed_out'];

const PASSING: ReadonlySet<Fault> = new Set(['transient', 'crowded', 'timeout']);

/** Whether an error says that no answer can be had now, rather than that the question has none. */
export function isOutage(error: unknown): boolean {
  if (error instanceof TidemarkError) return OUTAGES.includes(error.code);
  return PASSING.has(toFault(error));
}
