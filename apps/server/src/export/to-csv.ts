import { CSV_COLUMNS, type Event } from '@tidemark/schemas';

/** RFC 4180. */
const LINE_END = '\r\n';

export const CSV_HEADER = `${CSV_COLUMNS.join(',')}${LINE_END}`;

/** One event as a record; what it lacks is empty. */
export function toCsvRecord(event: Event): string {
  return `${CSV_COLUMNS.map((column) => toField(column, event)).join(',')}${LINE_END}`;
}

function toField(column: (typeof CSV_COLUMNS)[number], event: Event): string {
  if (column === 'properties') return quote(JSON.stringify(event.properties));
  return quote(protect(event[column] ?? ''));
}

/**
 * Spreadsheets run what begins like a formula. An apostrophe before it makes it text to them; import takes it
 * off again, which is why one that was there gets another.
 */
export function protect(text: string): string {
  return /^[=+\-@\t\r']/.test(text) ? `'${text}` : text;
}

/** Also around blanks at the ends, which some readers take off. */
export function quote(text: string): string {
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
