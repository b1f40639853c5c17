import { toFault } from '@tidemark/database';
import { TidemarkError } from './tidemark-error.ts';

const RETRY_AFTER_MS = 1_000;

/** Runs a read and says honestly what kept it from an answer. */
export async function withReadFaults<Result>(read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (error) {
    throw toRefusal(error);
  }
}

/** What a reader can do about a database's error; anything unexpected stays what it is. */
function toRefusal(cause: unknown): unknown {
  const fault = toFault(cause);
  if (fault === 'timeout') {
    const remedy = 'The answer took too long to compute: ask for a shorter range or fewer filters.';
    return new TidemarkError('timed_out', remedy, {}, { cause });
  }
  if (fault === 'crowded') {
    const remedy = 'Too many questions wait for a connection: ask again shortly.';
    return new TidemarkError('overloaded', remedy, { retryAfterMs: RETRY_AFTER_MS }, { cause });
  }
  if (fault === 'transient') {
    const remedy = 'The database does not answer: ask again shortly.';
    return new TidemarkError('unavailable', remedy, { retryAfterMs: RETRY_AFTER_MS }, { cause });
  }
  return cause;
}
