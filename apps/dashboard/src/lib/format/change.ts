/** How a number stands against the period before; against nothing there is nothing to say. */
export type Change =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'same' }
  /** `ratio` 0.25 is a quarter more, -0.25 a quarter less. */
  | { readonly kind: 'up' | 'down'; readonly ratio: number };

export function toChange(current: number, previous: number): Change {
  if (previous === 0) return { kind: 'unknown' };
  if (current === previous) return { kind: 'same' };
  const ratio = current / previous - 1;
  return { kind: ratio > 0 ? 'up' : 'down', ratio };
}
