import { type RawBuilder, sql } from 'kysely';
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

/** The keys of events in PostgreSQL's form. */
export type EncodedKeys = Readonly<Record<'id' | 'occurredAt', RawBuilder<unknown>>>;

/** Events in PostgreSQL's form: all of them but their users' ordinals. */
export type EncodedEvents = {
  readonly events: readonly NewEvent[];
  /** Whether an id stands twice: else ids alone tell the events apart. */
  readonly hasTwins: boolean;
  readonly columns: Readonly<Record<keyof NewEvent, RawBuilder<unknown>>>;
};

export function encodeKeys(events: readonly Pick<NewEvent, 'id' | 'occurredAt'>[]): EncodedKeys {
  return {
    id: uuids(events.map(({ id }) => id)),
    occurredAt: timestamps(events.map(({ occurredAt }) => occurredAt)),
  };
}

/** A fifth of what an insert takes: to be done while the database is busy. Throws `UnstorableValueError`. */
export function encodeEvents(events: readonly NewEvent[]): EncodedEvents {
  return {
    events,
    hasTwins: new Set(events.map(({ id }) => id)).size < events.length,
    columns: {
      ...encodeKeys(events),
      receivedAt: timestamps(events.map(({ receivedAt }) => receivedAt)),
      device: int2s(events.map(({ device }) => device)),
      type: texts(events.map(({ type }) => type)),
      userId: texts(events.map(({ userId }) => userId)),
      sessionId: texts(events.map(({ sessionId }) => sessionId)),
      properties: jsonbs(events.map(({ properties }) => properties)),
    },
  };
}

/**
 * Stores the events that are not there yet, and resolves with those, in their order. Events whose key stands twice in
 * the batch must be thinned out before.
 */
export async function insertEvents(
  transaction: TenantTransaction,
  encoded: EncodedEvents,
  ordinals: ReadonlyMap<string, number>,
): Promise<readonly NewEvent[]> {
  const { events, hasTwins } = encoded;
  // Times come back only where one id has several.
  const { rows } = await sql<{ id: string; occurred_at?: number }>`
    ${toInsert(transaction, encoded, ordinals)}
    ON CONFLICT DO NOTHING
    RETURNING ${hasTwins ? sql`id, occurred_at` : sql`id`}`.execute(transaction.db);
  if (rows.length === events.length) return events;
  const inserted = new Set(
    rows.map(({ id, occurred_at }) => (occurred_at === undefined ? id : toEventKey(id, occurred_at))),
  );
  return events.filter(({ id, occurredAt }) => inserted.has(hasTwins ? toEventKey(id, occurredAt) : id));
}

/** Stores events of which none is there yet: else the transaction fails, with SQLSTATE 23505. */
export async function insertNewEvents(
  transaction: TenantTransaction,
  encoded: EncodedEvents,
  ordinals: ReadonlyMap<string, number>,
): Promise<void> {
  await toInsert(transaction, encoded, ordinals).execute(transaction.db);
}

function toInsert(
  { tenantId }: TenantTransaction,
  { events, columns }: EncodedEvents,
  ordinals: ReadonlyMap<string, number>,
): RawBuilder<unknown> {
  return sql`
    INSERT INTO events
      (tenant_id, id, occurred_at, received_at, user_ordinal, device, type, user_id, session_id, properties)
    SELECT ${tenantId}, given.*
    FROM unnest(
      ${columns.id}, ${columns.occurredAt}, ${columns.receivedAt},
      ${int4s(events.map(({ userId }) => (userId === null ? null : ordinals.get(userId))))},
      ${columns.device}, ${columns.type}, ${columns.userId}, ${columns.sessionId}, ${columns.properties}
    ) AS given`;
}

/** The identity of an event within its tenant. */
export function toEventKey(id: string, occurredAt: number): string {
  return `${occurredAt}:${id}`;
}
