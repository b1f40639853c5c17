import type { AppRouter } from '@tidemark/router';
import type { Operation, TRPCLink } from '@trpc/client';
import { observable, type Unsubscribable } from '@trpc/server/observable';
import { toBackoffMs } from './backoff.ts';
import { isPassing, type TidemarkError, toRetryAfterMs, toTidemarkError } from './tidemark-error.ts';

/** A server that asks for a longer pause than this is left to the caller to wait for. */
const LONGEST_PAUSE_MS = 10_000;

/** Makes a call again that may be repeated, when the failure may pass, up to `retries` times. */
export function retryLink(retries: number): TRPCLink<AppRouter> {
  return () =>
    ({ op, next }) =>
      observable((observer) => {
        let current: Unsubscribable | undefined;
        let timer: ReturnType<typeof setTimeout> | undefined;
        const attempt = (number: number) => {
          current = next(op).subscribe({
            next: (envelope) => observer.next(envelope),
            complete: () => observer.complete(),
            error(error) {
              const failure = toTidemarkError(error);
              const delayMs = Math.max(toBackoffMs(number), toRetryAfterMs(failure));
              if (number >= retries || !isRepeatable(op) || !mayPass(failure) || delayMs > LONGEST_PAUSE_MS) {
                observer.error(error);
              } else timer = setTimeout(() => attempt(number + 1), delayMs);
            },
          });
        };
        attempt(0);
        return () => {
          clearTimeout(timer);
          current?.unsubscribe();
        };
      });
}

function isRepeatable({ type, path, signal }: Operation): boolean {
  return signal?.aborted !== true && (type === 'query' || path === 'events.ingest');
}

/** A deadline is the caller's patience, and `internal` would be asked the same question again. */
function mayPass(failure: TidemarkError): boolean {
  return isPassing(failure) && failure.code !== 'timed_out' && failure.code !== 'internal';
}
