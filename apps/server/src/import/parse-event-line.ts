import type { EventInput } from '@tidemark/schemas';
import type { Broken } from './parse-combined-line.ts';

/**
 * Reads a line of NDJSON: an EventInput, or an event as it is exported, whose nulls and `receivedAt`
 * say nothing to an import. What its fields hold is the server's to judge, with a reason per event.
 */
export function parseEventLine(text: string): { event: EventInput } | Broken {
  const value = parseJson(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { broken: 'not a JSON object' };
  const fields = Object.entries(value).filter(([name, field]) => field !== null && name !== 'receivedAt');
  const event: Partial<EventInput> = Object.fromEntries(fields);
  if (event.occurredAt === undefined && event.id === undefined) {
    return { broken: 'neither occurredAt nor id: importing it again would count it again' };
  }
  return { event: event as EventInput };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
