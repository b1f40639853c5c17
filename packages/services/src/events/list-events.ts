import { listStoredEvents, withTenant } from '@tidemark/database';
import type { EventPage, ListEventsQuery } from '@tidemark/schemas';
import { DAY_MS } from '../calendar/days.ts';
import { type EpochRange, resolveRange } from '../calendar/resolve-range.ts';
import { assertScope, type TenantContext } from '../context.ts';
import { toCursorText } from '../cursor-text.ts';
import { withReadFaults } from '../with-read-faults.ts';
import { decodeCursor } from './event-cursor.ts';

/** All times an event can have: 20 years back to a day ahead, with room for clocks. */
const BACK_MS = 21 * 366 * DAY_MS;
const AHEAD_MS = 2 * DAY_MS;

/** One page of events. The cursor stands after the last event shown, so new ones shift nothing. */
export async function listEvents(ctx: TenantContext, input: ListEventsQuery): Promise<EventPage> {
  assertScope(ctx, 'events:read');
  const { order, limit, search } = input;
  const position = input.cursor == null ? undefined : decodeCursor(input.cursor, order);
  const range = position?.range ?? toRange(ctx, input);
  const items = await withReadFaults(() =>
    withTenant(ctx.resources.database.reads, ctx.tenant.id, 'read', (transaction) =>
      listStoredEvents(transaction, { filters: input, range, search, after: position?.after, order, limit: limit + 1 }),
    ),
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

function toRange({ tenant, resources }: TenantContext, input: ListEventsQuery): EpochRange {
  const now = resources.clock();
  if (input.last === undefined && input.from === undefined) return { from: now - BACK_MS, to: now + AHEAD_MS };
  return resolveRange({ ...input, interval: 'minute' }, tenant.timeZone, now).range;
}
