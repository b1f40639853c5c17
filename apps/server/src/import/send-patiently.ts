import { setTimeout as sleep } from 'node:timers/promises';
import type { TidemarkError } from '@tidemark/client';
import { toTidemarkError } from '@tidemark/client';
import type { ErrorCode } from '@tidemark/schemas';

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;
/** Refusals that pass by themselves: load, limits, a restart, a connection that broke. */
const PASSING: ReadonlySet<ErrorCode> = new Set(['rate_limited', 'overloaded', 'unavailable', 'timed_out', 'internal']);

export type Patience = {
  /** How long one batch may be tried, pauses included. */
  readonly patienceMs: number;
  /** Ends the pauses; an attempt under way is left to finish. */
  readonly signal: AbortSignal;
  readonly onPause: (reason: string | undefined) => void;
};

/** A batch that was not stored; the message says why, in the server's words. */
export class SendError extends Error {
  override readonly name = 'SendError';
}

/** Tries until the server takes it; the events carry their identity, so that a repetition cannot count twice. */
export async function sendPatiently<Answer>(send: () => Promise<Answer>, patience: Patience): Promise<Answer> {
  const { patienceMs, signal, onPause } = patience;
  const deadline = performance.now() + patienceMs;
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await send();
    } catch (error) {
      const failure = toTidemarkError(error);
      const pauseMs = toPauseMs(failure, attempt);
      if (!PASSING.has(failure.code)) throw new SendError(`${failure.reason} (${failure.code})`, { cause: error });
      if (performance.now() + pauseMs > deadline) {
        const tried = `given up after ${attempt + 1} attempts in ${Math.round(patienceMs / 1_000)} s`;
        throw new SendError(`${failure.reason} (${failure.code}; ${tried})`, { cause: error });
      }
      onPause(`${failure.code}, next attempt in ${Math.ceil(pauseMs / 1_000)} s`);
      await sleep(pauseMs, undefined, { signal });
      onPause(undefined);
    }
  }
}

/** Doubling pauses with jitter, but never shorter than the server asks for. */
function toPauseMs({ evidence }: TidemarkError, attempt: number): number {
  const backoffMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt) * (0.5 + Math.random() / 2);
  const askedMs = evidence['retryAfterMs'];
  return typeof askedMs === 'number' ? Math.max(askedMs + backoffMs / 4, backoffMs) : backoffMs;
}
