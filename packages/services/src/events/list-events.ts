import { listStoredEvents, readHorizons } from '@tidemark/database';
import type { EventPage, ListEventsQuery } from '@tidemark/schemas';
import { assertRawKept } from '../analytics/beyond-retention.ts';
import { assertScope, type TenantContext } from '../context.ts';
import { assertAdmitted } from '../resilience/rung.ts';
import { withReadFaults } from '../with-read-faults.ts';
import { decodeEventCursor, encodeEventCursor } from './event-cursor.ts';
import { isRanged, toStoredRange } from './to-stored-range.ts';

/** One page of events. The cursor stands after the last event shown, so new ones shift nothing. */
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
  const page = items.slice(0, limit);
  const last = page.at(-1);
  if (items.length <= limit || last === undefined) return { items: page, nextCursor: null };
  const after = { id: last.id, occurredAt: Date.parse(last.occurredAt) };
  const pinned = { order, range, last: begun?.last ?? input.last, after };
  return { items: page, nextCursor: encodeEventCursor(pinned, tenant.id, input) };
}
