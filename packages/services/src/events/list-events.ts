import { listStoredEvents, readHorizons } from '@tidemark/database';
import type { Event, EventPage, ListEventsQuery } from '@tidemark/schemas';
import { assertRawKept } from '../analytics/beyond-retention.ts';
import { assertScope, type TenantContext } from '../context.ts';
import { assertAdmitted } from '../resilience/rung.ts';
import { withReadFaults } from '../with-read-faults.ts';
import { decodeEventCursor, encodeEventCursor } from './event-cursor.ts';
import { isRanged, toStoredRange } from './to-stored-range.ts';

/** Of properties: a page holds as many events as these allow, so that the pages of a batch fit into memory. */
const MAX_PAGE_BYTES = 2 * 1024 * 1024;

/**
 * One page of events: of large ones fewer than asked for, at least one. The cursor stands after the last event shown, so
 * new ones shift nothing.
 */
export async function listEvents(ctx: TenantContext, input: ListEventsQuery): Promise<EventPage> {
  assertScope(ctx, 'events:read');
  assertAdmitted(ctx);
  const { order, limit, search } = input;
  const { tenant, resources } = ctx;
  const begun = input.cursor == null ? undefined : decodeEventCursor(input.cursor, tenant.id, input);
  const now = resources.clock();
  const range = begun?.range ?? toStoredRange(input, tenant.timeZone, now);
  const items = await withReadFaults(() =>
    resources.reads.ask(tenant.id, async (transaction) => {
      // A page that goes on shows what is left; nobody who begins takes that for all there was.
      if (begun === undefined && isRanged(input)) assertRawKept(range, await readHorizons(transaction), now);
      const after = begun?.after;
      return await listStoredEvents(transaction, { filters: input, range, search, after, order, limit: limit + 1 });
    }),
  );
  const page = items.slice(0, Math.min(limit, countWithin(MAX_PAGE_BYTES, items)));
  const last = page.at(-1);
  if (items.length === page.length || last === undefined) return { items: page, nextCursor: null };
  const after = { id: last.id, occurredAt: Date.parse(last.occurredAt) };
  const pinned = { order, range, last: begun?.last ?? input.last, after };
  return { items: page, nextCursor: encodeEventCursor(pinned, tenant.id, input) };
}

/** How many of the events fit, the first in any case. */
function countWithin(maxBytes: number, events: readonly Event[]): number {
  let bytes = 0;
  const over = events.findIndex(({ properties }, place) => {
    bytes += Buffer.byteLength(JSON.stringify(properties));
    return bytes > maxBytes && place > 0;
  });
  return over === -1 ? events.length : over;
}
