import type { AppRouter } from '@tidemark/router';
import { createTRPCClient } from '@trpc/client';
import { callLink } from '../call-link.ts';
import type { Transport } from '../transport.ts';
import type { SendEvents } from './tracker.ts';

/** What browsers let outlive a page; a page's batches are smaller. */
const KEPT_ALIVE_BYTES = 64 * 1024;
const ENCODER = new TextEncoder();

/** Sends a batch once: the tracker has its own patience. */
export function sendEvents(transport: Transport): SendEvents {
  const outliving = { ...transport, fetch: outlivePage(transport.fetch) };
  const { events: procedures } = createTRPCClient<AppRouter>({ links: [callLink(outliving)] });
  return async (events, signal) => procedures.ingest.mutate({ events }, { signal });
}

/** Small requests go on when their page is gone; a browser fails larger ones that ask for it. */
function outlivePage(fetch: Transport['fetch']): Transport['fetch'] {
  return async (input, init) => {
    const isSmall = typeof init?.body === 'string' && ENCODER.encode(init.body).length <= KEPT_ALIVE_BYTES;
    return fetch(input, isSmall ? { ...init, keepalive: true } : init);
  };
}
