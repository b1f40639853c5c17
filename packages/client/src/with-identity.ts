import type { EventInput } from '@tidemark/schemas';
import { v7 } from 'uuid';

/**
 * Names an event where it happens: a UUIDv7 and its time, so that sending it again, after whatever
 * failed, is a duplicate and not a second event. What is already there is kept; an id without a time
 * carries its own.
 */
export function withIdentity(event: EventInput): EventInput & { readonly id: string } {
  if (event.id !== undefined) return { ...event, id: event.id };
  const occurredAt = event.occurredAt ?? new Date().toISOString();
  return { ...event, id: toId(Date.parse(occurredAt)), occurredAt };
}

/** UUIDv7 counts milliseconds from 1970 in 48 bits; an unreadable time is for the server to reject. */
function toId(epochMs: number): string {
  return epochMs >= 0 && epochMs < 2 ** 48 ? v7({ msecs: epochMs }) : v7();
}
