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
 * Stores the events that are not there yet, and says which those were, as `toEventKey` names them.
 * Events whose key stands twice in the batch must be thinned out before.
 */
export async function insertEvents(
  { db, tenantId }: TenantTransaction,
  events: readonly NewEvent[],
  ordinals: ReadonlyMap<string, number>,
): Promise<Set<string>> {
  const timeOf = new Map(events.map(({ id, occurredAt }) => [id, occurredAt]));
  // Times come back only where one id has several.
  const returned = timeOf.size === events.length ? sql`id` : sql`id, occurred_at`;
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
    RETURNING ${returned}`.execute(db);
  return new Set(rows.map(({ id, occurred_at }) => toEventKey(id, occurred_at ?? timeOf.get(id) ?? Number.NaN)));
}

/** The identity of an event within its tenant. */
export function toEventKey(id: string, occurredAt: number): string {
  return `${occurredAt}:${id}`;
}
