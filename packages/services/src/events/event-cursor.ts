import { type EventCursor, eventCursorSchema } from '@tidemark/schemas';
import { parseCursorText } from '../cursor-text.ts';
import { TidemarkError } from '../tidemark-error.ts';

/** Reads a cursor back; refuses one that is not ours, or is of the other order. */
export function decodeCursor(text: string, order: EventCursor['order']): EventCursor {
  const cursor = eventCursorSchema.safeParse(parseCursorText(text));
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
