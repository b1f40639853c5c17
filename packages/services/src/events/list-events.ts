import { listStoredEvents, readHorizons } from '@tidemark/database';
import type { EventPage, ListEventsQuery } from '@tidemark/schemas';
import { assertRawKept } from '../analytics/beyond-retention.ts';
import { assertScope, type TenantContext } from '../context.ts';
import { toCursorText } from '../cursor-text.ts';
import { assertAdmitted } from '../resilience/rung.ts';
import { withReadFaults } from '../with-read-faults.ts';
import { decodeCursor } from './event-cursor.ts';
import { isRanged, toStoredRange } from './to-stored-range.ts';

/** One page of events. The cursor stands after the last event shown, so new ones shift nothing. */
export async function listEvents(ctx: TenantContext, input: ListEventsQuery): Promise<EventPage> {
  assertScope(ctx, 'events:read');
  assertAdmitted(ctx);
  const { order, limit, search } = input;
  const position = input.cursor == null ? undefined : decodeCursor(input.cursor, order);
  const range = position?.range ?? toStoredRange(input, ctx.tenant.timeZone, ctx.resources.clock());
  const items = await withReadFaults(() =>
    ctx.resources.reads.ask(ctx.tenant.id, async (transaction) => {
      // A page that goes on shows what is left; nobody who begins takes that for all there was.
      if (position === undefined && isRanged(input)) assertRawKept(range, await readHorizons(transaction));
      const after = position?.after;
      return await listStoredEvents(transaction, { filters: input, range, search, after, order, limit: limit + 1 });
    }),
  );
  const page = items.slice(0, limit);
  const last = page.at(-1);
  const hasMore = items.length > limit && last !== undefined;
  return {
    items: page,
    nextCursor: hasMore
      ? toCursorText({ order, range, after: { id: last.id, occurredAt: Date.parse(last.occurredAt) } })
      : null,
  };
}
