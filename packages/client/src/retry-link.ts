import type { AppRouter } from '@tidemark/router';
import type { Operation, TRPCLink } from '@trpc/client';
import { observable, type Unsubscribable } from '@trpc/server/observable';
import { toBackoffMs } from './backoff.ts';
import { isPassing, type TidemarkError, toRetryAfterMs, toTidemarkError } from './tidemark-error.ts';

/** A call that is about to wait and be made again. */
export type Retry = {
  /** The procedure, e.g. `analytics.summary`. */
  readonly path: string;
  /** Which repetition follows, from 1. */
  readonly attempt: number;
  /** How long it waits for. */
  readonly delayMs: number;
  /** What made it necessary. */
  readonly error: TidemarkError;
};

export type RetryOptions = {
  /** How often a call is made again at most. */
  readonly retries: number;
  /** How long the pauses of one call may be together. */
  readonly maxWaitMs: number;
  readonly onRetry: (retry: Retry) => void;
};

/**
 * Makes a call again that may be repeated, when the failure may pass: after the pause the server asks for, and a
 * random while on top, so that those refused together do not return together.
 */
export function retryLink({ retries, maxWaitMs, onRetry }: RetryOptions): TRPCLink<AppRouter> {
  return () =>
    ({ op, next }) =>
      observable((observer) => {
        let current: Unsubscribable | undefined;
        let stopWaiting = () => {};
        let waitedMs = 0;
        const attempt = (number: number) => {
          current = next(op).subscribe({
            next: (envelope) => observer.next(envelope),
            complete: () => observer.complete(),
            error(cause) {
              const error = toTidemarkError(cause);
              const delayMs = toRetryAfterMs(error) + toBackoffMs(number);
              if (number >= retries || !isRepeatable(op, error) || waitedMs + delayMs > maxWaitMs) {
                observer.error(cause);
                return;
              }
              waitedMs += delayMs;
              stopWaiting = afterPause(delayMs, op.signal, () => attempt(number + 1));
              onRetry({ path: op.path, attempt: number + 1, delayMs, error });
            },
          });
        };
        attempt(0);
        return () => {
          stopWaiting();
          current?.unsubscribe();
        };
      });
}

/** Goes on after the pause, or at once when the call is aborted, since an attempt that begins aborted fails as such. */
function afterPause(delayMs: number, signal: Operation['signal'], goOn: () => void): () => void {
  const stop = () => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', end);
  };
  const end = () => {
    stop();
    goOn();
  };
  const timer = setTimeout(end, delayMs);
  signal?.addEventListener('abort', end);
  return stop;
}

function isRepeatable({ type, path, signal }: Operation, error: TidemarkError): boolean {
  if (signal?.aborted === true || !mayPass(error)) return false;
  // What is refused for its limit was not begun, so that repeating it does nothing twice.
  return type === 'query' || path === 'events.ingest' || error.code === 'rate_limited';
}

/** A deadline is the caller's patience, and `internal` would be asked the same question again. */
function mayPass(error: TidemarkError): boolean {
  return isPassing(error) && error.code !== 'timed_out' && error.code !== 'internal';
}
