import { formatCount } from './format-number.ts';

/** What came while the connection was down, and until when that is worth a word. */
export type Missed = { readonly events: number; readonly until: number };

/** Empty where there is nothing to say, any more. */
export function formatReturn(missed: Missed | undefined, now: number): string {
  if (missed === undefined || missed.until < now) return '';
  return `back again: ${formatCount(missed.events)} ${missed.events === 1 ? 'event' : 'events'} meanwhile`;
}
