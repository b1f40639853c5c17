import type { Filters } from '@tidemark/schemas';
import { openSession, type SessionWish } from '../connection/open-session.ts';

/** Prints events as they are stored, a JSON document a line, until nobody reads them any more or the stream is refused. */
export async function printEvents(wish: SessionWish, filters: Filters): Promise<void> {
  const { first, tidemarkOf } = await openSession(wish);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  process.stdout.on('error', () => resolve());
  const { unsubscribe } = tidemarkOf(first).events.tail.subscribe(filters, {
    onData({ data }) {
      if ('event' in data) process.stdout.write(`${JSON.stringify(data.event)}\n`);
    },
    onError: reject,
  });
  try {
    await promise;
  } finally {
    unsubscribe();
  }
}
