import { toFault } from '@tidemark/database';
import { TidemarkError } from './tidemark-error.ts';

const RETRY_AFTER_MS = 1_000;

/** Runs a change that may be asked for again, and says honestly what kept it from being made. */
export async function withWriteFaults<Result>(change: () => Promise<Result>): Promise<Result> {
  try {
    return await change();
  } catch (error) {
    throw toRefusal(error);
  }
}

function toRefusal(cause: unknown): unknown {
  const fault = toFault(cause);
  if (fault === 'crowded') {
    const remedy = 'Too much waits for a connection: ask for the same again shortly.';
    return new TidemarkError('overloaded', remedy, { retryAfterMs: RETRY_AFTER_MS }, { cause });
  }
  if (fault !== 'timeout' && fault !== 'transient') return cause;
  const remedy = 'The database does not answer, or other work holds this tenant: ask for the same again shortly.';
  return new TidemarkError('unavailable', remedy, { retryAfterMs: RETRY_AFTER_MS }, { cause });
}
