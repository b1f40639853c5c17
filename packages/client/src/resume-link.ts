import type { AppRouter } from '@tidemark/router';
import type { TRPCLink } from '@trpc/client';
import { observable } from '@trpc/server/observable';
import { ResumingStream } from './resuming-stream.ts';

/** Keeps every subscription alive over dropped connections: see `ResumingStream`. */
export function resumeLink(): TRPCLink<AppRouter> {
  return () =>
    ({ op, next }) =>
      observable((observer) => {
        const stream = new ResumingStream(op, next, observer);
        stream.connect();
        return () => stream.leave();
      });
}
