/** What is counted: events or users of a type; of all types where it is null. */
export type Measure = { readonly type: string | null; readonly of: 'events' | 'users' };

/** One side of a check. */
export type Term =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'measure'; readonly measure: Measure; readonly when: 'now' | 'previous' }
  | { readonly kind: 'arithmetic'; readonly operator: Arithmetic; readonly left: Term; readonly right: Term };

export const ARITHMETIC = ['+', '-', '*', '/'] as const;
export type Arithmetic = (typeof ARITHMETIC)[number];

export const COMPARISONS = ['>=', '<=', '>', '<', '==', '!='] as const;
export type Comparison = (typeof COMPARISONS)[number];

/** `signup >= 0.7 * previous`, understood. */
export type Check = { readonly comparison: Comparison; readonly left: Term; readonly right: Term };
