/** A bar on the screen, in px from the upper left. */
export type Bar = { readonly x: number; readonly y: number; readonly width: number; readonly height: number };

/** The outline of a bar that stands on its axis: its upper corners are round. */
export function toRoundedPath({ x, y, width, height }: Bar, radius: number): string {
  const r = Math.min(radius, width / 2, height);
  return `M${x},${y + height}v${r - height}q0,${-r} ${r},${-r}h${width - 2 * r}q${r},0 ${r},${r}v${height - r}z`;
}
