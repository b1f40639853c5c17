/** Names come from whoever sends events: what could move the cursor or reorder the line is shown as a dot. */
export function toPrintable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '·');
}
