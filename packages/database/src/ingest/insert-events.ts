import { sql } from 'kysely';
import { int2s, int4s, jsonbs, texts, timestamps, uuids } from '../binary-array.ts';
import type { TenantTransaction } from '../with-tenant.ts';

/** An event on its way into the table; instants as epoch ms. */
export type NewEvent = {
  readonly id: string;
  readonly occurredAt: number;
  readonly receivedAt: number;
  readonly type: string;
  readonly userId: string | null;
  readonly sessionId: string | null;
  /** See device-codes.ts. */
  readonly device: number;
  /** A JSON object, serialized. */
  readonly properties: string;
};

/**
 * Stores the events that are not there yet, and resolves with those, in their order. Events whose key stands twice in
 * the batch must be thinned out before.
 */
export async function insertEvents(
  { db, tenantId }: TenantTransaction,
  events: readonly NewEvent[],
  ordinals: ReadonlyMap<string, number>,
): Promise<readonly NewEvent[]> {
  // Times come back only where one id has several.
  const hasTwins = hasRepeatedIds(events);
  const { rows } = await sql<{ id: string; occurred_at?: number }>`
    INSERT INTO events
      (tenant_id, id, occurred_at, received_at, user_ordinal, device, type, user_id, session_id, properties)
    SELECT ${tenantId}, given.*
    FROM unnest(
      ${uuids(events.map(({ id }) => id))},
      ${timestamps(events.map(({ occurredAt }) => occurredAt))},
      ${timestamps(events.map(({ receivedAt }) => receivedAt))},
      ${int4s(events.map(({ userId }) => (userId === null ? null : ordinals.get(userId))))},
      ${int2s(events.map(({ device }) => device))},
      ${texts(events.map(({ type }) => type))},
      ${texts(events.map(({ userId }) => userId))},
      ${texts(events.map(({ sessionId }) => sessionId))},
      ${jsonbs(events.map(({ properties }) => properties))}
    ) AS given
    ON CONFLICT DO NOTHING
    RETURNING ${hasTwins ? sql`id, occurred_at` : sql`id`}`.execute(db);
  if (rows.length === events.length) return events;
  const inserted = new Set(
    rows.map(({ id, occurred_at }) => (occurred_at === undefined ? id : toEventKey(id, occurred_at))),
  );
  return events.filter(({ id, occurredAt }) => inserted.has(hasTwins ? toEventKey(id, occurredAt) : id));
}

/** Whether an id stands twice: else ids alone tell the events apart. */
export function hasRepeatedIds(events: readonly Pick<NewEvent, 'id'>[]): boolean {
  const ids = new Set<string>();
  for (const { id } of events) ids.add(id);
  return ids.size < events.length;
}

/** The identity of an event within its tenant. */
export function toEventKey(id: string, occurredAt: number): string {
  return `${occurredAt}:${id}`;
}
