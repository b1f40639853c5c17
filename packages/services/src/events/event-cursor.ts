import { type EventCursor, eventCursorSchema } from '@tidemark/schemas';
import { TidemarkError } from '../tidemark-error.ts';

/** A cursor as an opaque, URL-safe string. */
export function encodeCursor(cursor: EventCursor): string {
  return Buffer.from(JSON.stringify(cursor)).toString('base64url');
}

/** Reads a cursor back; refuses one that is not ours, or is of the other order. */
export function decodeCursor(text: string, order: EventCursor['order']): EventCursor {
  const cursor = eventCursorSchema.safeParse(parseJson(Buffer.from(text, 'base64url').toString('utf8')));
  if (!cursor.success) {
    throw new TidemarkError('invalid_cursor', 'This cursor was not given by events.list: start without one.', {
      field: 'cursor',
    });
  }
  if (cursor.data.order !== order) {
    throw new TidemarkError('invalid_cursor', `This cursor belongs to the order ${cursor.data.order}.`, {
      field: 'order',
    });
  }
  return cursor.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
