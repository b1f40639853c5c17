/** Which of `count` items a list of `rows` lines shows, so that the selected one is among them, the last where possible. */
export function toWindow(
  count: number,
  selected: number,
  rows: number,
): { readonly from: number; readonly to: number } {
  const to = Math.min(count, Math.max(selected + 1, rows));
  return { from: Math.max(0, to - rows), to };
}
