const MAX_LENGTH = 200;

/** What was sent is not sent back at length. */
export function shorten(text: string): string {
  return text.length <= MAX_LENGTH ? text : `${text.slice(0, MAX_LENGTH)}…`;
}
