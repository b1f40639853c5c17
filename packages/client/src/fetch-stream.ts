import type { EventSourceInit } from 'eventsource';
import type { Transport } from './transport.ts';

/** How long a server may take to begin a stream; after that its own pings show that it lives. */
const CONNECT_TIMEOUT_MS = 10_000;

/** The fetch of an event source: with our headers, a deadline to connect, and refusals kept readable. */
export function fetchStream({ fetch, headers }: Transport): NonNullable<EventSourceInit['fetch']> {
  return async (url, init) => {
    const late = new AbortController();
    const reason = new Error(`The server did not begin the stream within ${CONNECT_TIMEOUT_MS / 1_000} s.`);
    const timer = setTimeout(() => late.abort(reason), CONNECT_TIMEOUT_MS);
    try {
      const signal = AbortSignal.any([init.signal as AbortSignal, late.signal]);
      return await toEventStream(await fetch(url, { ...init, signal, headers: { ...init.headers, ...headers } }));
    } finally {
      clearTimeout(timer);
    }
  };
}

/**
 * An event source knows of a refusal only its status. Here the JSON error of the answer becomes the
 * event by which tRPC reports errors in a stream, so that code and evidence reach the caller.
 */
async function toEventStream(response: Response): Promise<Response> {
  if (response.ok) return response;
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => undefined);
  const error = typeof body === 'object' && body !== null && 'error' in body ? body.error : undefined;
  if (error === undefined) return response;
  return new Response(`event: serialized-error\ndata: ${JSON.stringify(error)}\n\n`, {
    headers: { 'content-type': 'text/event-stream' },
  });
}
