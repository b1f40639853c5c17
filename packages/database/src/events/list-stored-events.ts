import type { Event, Filters } from '@tidemark/schemas';
import { type RawBuilder, sql } from 'kysely';
import { eventConditions } from '../analytics/event-conditions.ts';
import { instant } from '../instant.ts';
import type { TenantTransaction } from '../with-tenant.ts';
import { EVENT_COLUMNS, type EventRow, toEvent } from './stored-event.ts';

/** Where a page begins: after this event in the page's order. */
export type EventPosition = { readonly occurredAt: number; readonly id: string };

export type StoredEventQuery = {
  readonly filters: Filters;
  /** Half-open, epoch ms; both ends are given, so that partitions are pruned. */
  readonly range: { readonly from: number; readonly to: number };
  readonly search: string | undefined;
  readonly after: EventPosition | undefined;
  readonly order: 'asc' | 'desc';
  readonly limit: number;
};

/** Events in the order of (occurredAt, id). */
export async function listStoredEvents(
  { db, tenantId }: TenantTransaction,
  { filters, range, search, after, order, limit }: StoredEventQuery,
): Promise<Event[]> {
  const conditions: RawBuilder<unknown>[] = [
    sql`event.tenant_id = ${tenantId}`,
    sql`event.occurred_at >= ${instant(range.from)}`,
    sql`event.occurred_at < ${instant(range.to)}`,
    ...eventConditions(filters),
  ];
  if (after !== undefined) conditions.push(...afterPosition(after, order));
  if (search !== undefined) conditions.push(searchCondition(search));
  const direction = sql.raw(order);
  const { rows } = await sql<EventRow>`
    SELECT ${EVENT_COLUMNS} FROM events AS event
    WHERE ${sql.join(conditions, sql` AND `)}
    ORDER BY occurred_at ${direction}, id ${direction}
    LIMIT ${limit}`.execute(db);
  return rows.map(toEvent);
}

/** One event by its identity, or undefined. */
export async function findStoredEvent(
  { db, tenantId }: TenantTransaction,
  { id, occurredAt }: EventPosition,
): Promise<Event | undefined> {
  const { rows } = await sql<EventRow>`
    SELECT ${EVENT_COLUMNS} FROM events AS event
    WHERE event.tenant_id = ${tenantId} AND event.occurred_at = ${instant(occurredAt)} AND event.id = ${id}::uuid`.execute(
    db,
  );
  return rows[0] && toEvent(rows[0]);
}

/** The plain bound prunes partitions, which the row comparison alone does not. */
function afterPosition({ occurredAt, id }: EventPosition, order: 'asc' | 'desc'): RawBuilder<unknown>[] {
  const at = instant(occurredAt);
  return order === 'asc'
    ? [sql`event.occurred_at >= ${at}`, sql`(event.occurred_at, event.id) > (${at}, ${id}::uuid)`]
    : [sql`event.occurred_at <= ${at}`, sql`(event.occurred_at, event.id) < (${at}, ${id}::uuid)`];
}

function searchCondition(text: string): RawBuilder<unknown> {
  const pattern = `%${text.replace(/[\\%_]/g, '\\$&')}%`;
  return sql`(event.type ILIKE ${pattern} OR event.user_id ILIKE ${pattern}
    OR event.session_id ILIKE ${pattern} OR event.properties::text ILIKE ${pattern})`;
}
