import { setTimeout as sleep } from 'node:timers/promises';
import type { TidemarkError } from '@tidemark/client';
import { isPassing, toBackoffMs, toTidemarkError } from '@tidemark/client';

export type Patience = {
  /** How long one batch may be tried, pauses included. */
  readonly patienceMs: number;
  /** Ends the pauses; an attempt under way is left to finish. */
  readonly signal: AbortSignal;
  readonly onPause: (reason: string | undefined) => void;
};

/**
 * Tries until the server takes it; the events carry their identity, so that a repetition cannot count twice.
 * The error, where it gives up, says why in the server's words.
 */
export async function sendPatiently<Answer>(send: () => Promise<Answer>, patience: Patience): Promise<Answer> {
  const { patienceMs, signal, onPause } = patience;
  const deadline = performance.now() + patienceMs;
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await send();
    } catch (error) {
      const failure = toTidemarkError(error);
      const pauseMs = toPauseMs(failure, attempt);
      if (!isPassing(failure)) throw new Error(`${failure.reason} (${failure.code})`, { cause: error });
      if (performance.now() + pauseMs > deadline) {
        const tried = `given up after ${attempt + 1} ${attempt === 0 ? 'attempt' : 'attempts'} in ${Math.round(patienceMs / 1_000)} s`;
        throw new Error(`${failure.reason} (${failure.code}; ${tried})`, { cause: error });
      }
      onPause(`${failure.code}, next attempt in ${Math.ceil(pauseMs / 1_000)} s`);
      await sleep(pauseMs, undefined, { signal });
      onPause(undefined);
    }
  }
}

/** Doubling pauses with jitter, behind whatever pause the server asks for: many may wait for the same moment. */
function toPauseMs({ evidence }: TidemarkError, attempt: number): number {
  const askedMs = typeof evidence.retryAfterMs === 'number' ? evidence.retryAfterMs : 0;
  return askedMs + toBackoffMs(attempt);
}
