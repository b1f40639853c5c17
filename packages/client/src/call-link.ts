import type { AppRouter } from '@tidemark/router';
import { httpBatchStreamLink, httpLink, splitLink, type TRPCLink } from '@trpc/client';
import type { Transport } from './transport.ts';

/** The server refuses larger batches: it charges limits per call. */
const MAX_CALLS_PER_BATCH = 20;

/** Servers and proxies refuse request lines from about 8 KB on; the base and headers need room too. */
const MAX_URL_LENGTH = 7_000;

type FetchEsque = NonNullable<Parameters<typeof httpLink>[0]['fetch']>;

/** A query whose own input is longer goes as POST, since no batch could hold it. */
const MAX_INPUT_LENGTH = 6_000;

/**
 * Queries of one tick share a request, unless each is to have its own, and each answers as soon as it is ready. Mutations
 * travel alone: twenty batches of events in one body would pass its limit, and aborting one must abort it.
 */
export function callLink(transport: Transport): TRPCLink<AppRouter> {
  const options = { url: transport.url, headers: transport.headers, fetch: withTimeout(transport) };
  const batch = { ...options, maxItems: MAX_CALLS_PER_BATCH };
  return splitLink({
    condition: ({ type }) => type === 'mutation',
    true: httpLink(options),
    false: splitLink({
      condition: ({ input }) => isLong(input),
      true: transport.isBatching
        ? httpBatchStreamLink({ ...batch, methodOverride: 'POST' })
        : httpLink({ ...options, methodOverride: 'POST' }),
      false: transport.isBatching ? httpBatchStreamLink({ ...batch, maxURLLength: MAX_URL_LENGTH }) : httpLink(options),
    }),
  });
}

function isLong(input: unknown): boolean {
  return input !== undefined && encodeURIComponent(JSON.stringify(input)).length > MAX_INPUT_LENGTH;
}

/** The signal covers the body as well, which a streamed batch may send late. */
function withTimeout({ fetch, timeoutMs }: Transport): FetchEsque {
  return (input, init) => {
    const timeout = AbortSignal.timeout(timeoutMs);
    const signal = init?.signal ? AbortSignal.any([init.signal, timeout]) : timeout;
    return fetch(input, { ...init, signal });
  };
}
