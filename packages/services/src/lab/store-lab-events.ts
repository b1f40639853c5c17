import { type EventInput, MAX_EVENTS_PER_BATCH } from '@tidemark/schemas';
import type { Lab } from './scenario.ts';

/** Sends events until every one is acknowledged; resolves to how many were new. Throws where one is refused for good. */
export async function storeLabEvents(
  { client, recorder, signal }: Lab,
  events: readonly EventInput[],
): Promise<number> {
  let accepted = 0;
  for (let from = 0; from < events.length && !signal.aborted; from += MAX_EVENTS_PER_BATCH) {
    const called = await client.ingest(events.slice(from, from + MAX_EVENTS_PER_BATCH));
    if (called.status === 'refused') throw new Error(`the lab's events were refused with ${called.code}`);
    recorder.record('stored', called.tookMs);
    accepted += called.data.receipts.filter(({ status }) => status === 'accepted').length;
  }
  return accepted;
}
