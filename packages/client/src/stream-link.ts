import type { AppRouter } from '@tidemark/router';
import { httpSubscriptionLink, type TRPCLink } from '@trpc/client';
import { fetchStream } from './fetch-stream.ts';
import { SingleEventSource } from './single-event-source.ts';
import type { Transport } from './transport.ts';

/**
 * Subscriptions over server-sent events, the same in Node and in browsers: on fetch rather than on the
 * native EventSource, which can send no key, hides why it was refused and reconnects without jitter.
 */
export function streamLink(transport: Transport): TRPCLink<AppRouter> {
  return httpSubscriptionLink({
    url: transport.url,
    EventSource: SingleEventSource,
    eventSourceOptions: { fetch: fetchStream(transport) },
  });
}
