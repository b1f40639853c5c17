import { setTimeout as delay } from 'node:timers/promises';

/** Sent in ten batches a second, as a back end would. */
const EVENTS_PER_SECOND = 1_000;
const BATCHES_PER_SECOND = 10;

/**
 * Sends events until it is told to stop; answers how many.
 * @param {import('@tidemark/client').Tidemark} tidemark
 * @param {AbortSignal} signal
 */
export async function sendEvents(tidemark, signal) {
  const TYPES = ['page_view', 'click', 'search', 'add_to_cart', 'checkout', 'purchase'];
  let count = 0;
  let due = performance.now();
  while (!signal.aborted) {
    due += 1_000 / BATCHES_PER_SECOND;
    const events = Array.from({ length: EVENTS_PER_SECOND / BATCHES_PER_SECOND }, (_, index) => ({
      type: TYPES[(count + index) % TYPES.length] ?? 'page_view',
      userId: `user-${(count * 7 + index) % 5_000}`,
      device: /** @type {const} */ ('mobile'),
      properties: { path: `/p/${index}` },
    }));
    await tidemark.events.ingest.mutate({ events });
    count += events.length;
    await delay(Math.max(0, due - performance.now()));
  }
  return count;
}
