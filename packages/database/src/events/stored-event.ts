import type { Event } from '@tidemark/schemas';
import { sql } from 'kysely';
import { toDevice } from '../device-codes.ts';

/** What is read of `event`, a row of events. */
export const EVENT_COLUMNS = sql`event.id, event.type, event.occurred_at, event.received_at, event.user_id,
  event.session_id, event.device, event.properties`;

export type EventRow = {
  id: string;
  type: string;
  occurred_at: number;
  received_at: number;
  user_id: string | null;
  session_id: string | null;
  device: number;
  properties: Event['properties'];
};

export function toEvent(row: EventRow): Event {
  return {
    id: row.id,
    type: row.type,
    occurredAt: new Date(row.occurred_at).toISOString(),
    receivedAt: new Date(row.received_at).toISOString(),
    userId: row.user_id,
    sessionId: row.session_id,
    device: toDevice(row.device),
    properties: row.properties,
  };
}
