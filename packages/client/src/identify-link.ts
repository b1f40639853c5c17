import type { AppRouter } from '@tidemark/router';
import type { EventInput } from '@tidemark/schemas';
import type { TRPCLink } from '@trpc/client';
import { withIdentity } from './with-identity.ts';

/** Names every event before it is first sent: what makes a retried `events.ingest` idempotent. */
export function identifyLink(): TRPCLink<AppRouter> {
  return () =>
    ({ op, next }) =>
      next(op.path === 'events.ingest' ? { ...op, input: identify(op.input) } : op);
}

/** Callers without types may send anything; the server explains what is wrong with it. */
function identify(input: unknown): unknown {
  if (typeof input !== 'object' || input === null || !('events' in input) || !Array.isArray(input.events)) return input;
  return {
    ...input,
    events: input.events.map((event: EventInput | null) => (isObject(event) ? withIdentity(event) : event)),
  };
}

function isObject(event: EventInput | null): event is EventInput {
  return typeof event === 'object' && event !== null && !Array.isArray(event);
}
