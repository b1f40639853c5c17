import { z } from 'zod';

/** PostgreSQL stores neither NUL nor half of a surrogate pair, so neither may enter as text. */
export function isStorableText(text: string): boolean {
  return text.isWellFormed() && !text.includes('\u0000');
}

/** A string of at most `max` UTF-16 units that PostgreSQL can store as it is. */
export function storableTextSchema(max: number) {
  return z.string().max(max).refine(isStorableText, 'must not hold NUL characters or lone surrogates');
}

/** A string of 1 to `max` UTF-16 units that PostgreSQL can store as it is. */
export function textSchema(max: number) {
  return storableTextSchema(max).min(1);
}
