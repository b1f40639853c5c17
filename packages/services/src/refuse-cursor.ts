import { TidemarkError } from './tidemark-error.ts';

export function refuseCursor(why: string): TidemarkError {
  return new TidemarkError('invalid_cursor', `This cursor ${why}`, { field: 'cursor' });
}

/** With which neither its sum nor what it pins agrees. */
export function refuseForeignCursor(): TidemarkError {
  return refuseCursor('belongs to another question, or was changed: ask the same with it, or start without one.');
}
