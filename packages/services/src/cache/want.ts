import { type Fault, toFault } from '@tidemark/database';
import type { ErrorCode } from '@tidemark/schemas';
import { TidemarkError } from '../tidemark-error.ts';

/** Why there is no newer answer: nobody can give one, or nobody has the time. */
export type Want = 'outage' | 'load';

const LOADED_CODES: ReadonlySet<ErrorCode> = new Set(['overloaded', 'timed_out']);
const LOADED_FAULTS: ReadonlySet<Fault> = new Set(['crowded', 'timeout']);

export function toWant(error: unknown): Want {
  const isLoad = error instanceof TidemarkError ? LOADED_CODES.has(error.code) : LOADED_FAULTS.has(toFault(error));
  return isLoad ? 'load' : 'outage';
}
