/** Names come from whoever sends events: what could move a terminal's cursor or reorder its line is shown as a dot. */
export function toPrintable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '·');
}
