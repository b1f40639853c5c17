import type { Event } from '@tidemark/schemas';

/** The call of the typed client that sends this event; sent again as it is, it is a duplicate. */
export function toClientCall({ receivedAt: _, ...event }: Event): string {
  const given = Object.fromEntries(Object.entries(event).filter(([, value]) => value !== null));
  return `await tidemark.events.ingest.mutate(${JSON.stringify({ events: [given] }, null, 2)});`;
}
