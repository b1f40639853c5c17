export type Change = { readonly direction: 'up' | 'down' | 'same' | 'new' | 'unknown'; readonly text: string };

/** How a count changed; `before` undefined: it is not known. The arrow tells it without colours too. */
export function formatChange(now: number, before: number | undefined): Change {
  if (before === undefined) return { direction: 'unknown', text: '' };
  if (before === 0) return now === 0 ? { direction: 'same', text: '=' } : { direction: 'new', text: 'new' };
  const percent = (100 * (now - before)) / before;
  if (percent === 0) return { direction: 'same', text: '=' };
  const size = Math.abs(percent) >= 1_000 ? '>999' : Math.abs(percent).toFixed(Math.abs(percent) < 99.95 ? 1 : 0);
  return percent > 0 ? { direction: 'up', text: `▲ ${size}%` } : { direction: 'down', text: `▼ ${size}%` };
}
