import { type EventCursor, eventCursorSchema, type ListEventsQuery } from '@tidemark/schemas';
import { canonicalFilters } from '../cache/canonical-filters.ts';
import { toCursorSum } from '../cursor-sum.ts';
import { parseCursorText, toCursorText } from '../cursor-text.ts';
import { refuseCursor, refuseForeignCursor } from '../refuse-cursor.ts';
import { isRanged } from './to-stored-range.ts';

export type PinnedEvents = Omit<EventCursor, 'sum'>;

/** A cursor that belongs to this question of this tenant. */
export function encodeEventCursor(pinned: PinnedEvents, tenantId: string, query: ListEventsQuery): string {
  return toCursorText({ ...pinned, sum: toSum(pinned, tenantId, query) });
}

/** Reads a cursor back; refuses one that is not ours, was changed, or belongs to another question. */
export function decodeEventCursor(text: string, tenantId: string, query: ListEventsQuery): PinnedEvents {
  const cursor = eventCursorSchema.safeParse(parseCursorText(text));
  if (!cursor.success) throw refuseCursor('was not given by events.list: start without one.');
  const { sum, ...pinned } = cursor.data;
  if (pinned.order !== query.order) {
    throw refuseCursor(`belongs to the order ${pinned.order}: ask for that order with it, or start without one.`);
  }
  if (sum !== toSum(pinned, tenantId, query) || !isOfRange(pinned, query)) throw refuseForeignCursor();
  return pinned;
}

/** Whether the range is the one the cursor pins; a question that names none means that one. */
function isOfRange({ range, last }: PinnedEvents, query: ListEventsQuery): boolean {
  if (!isRanged(query)) return true;
  if (query.last !== undefined) return query.last === last;
  return Date.parse(query.from) === range.from && Date.parse(query.to) === range.to;
}

function toSum(pinned: PinnedEvents, tenantId: string, query: ListEventsQuery): string {
  return toCursorSum({ tenantId, question: { search: query.search, filters: canonicalFilters(query) }, pinned });
}
