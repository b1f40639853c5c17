/** One figure and the bar it is held to. */
export type Verdict = {
  readonly name: string;
  readonly value: number;
  /** `atLeast` for speed-ups and shares, `atMost` for growth and sizes. */
  readonly bar: { readonly atLeast: number } | { readonly atMost: number };
  /** Default ×. */
  readonly unit?: string;
};

export function isReached({ value, bar }: Verdict): boolean {
  return 'atLeast' in bar ? value >= bar.atLeast : value <= bar.atMost;
}

/** The verdict as cells of a table: name, figure, bar, reached or not. */
export function toVerdictRow(verdict: Verdict): string[] {
  const { name, value, bar, unit = '×' } = verdict;
  const [sign, limit] = 'atLeast' in bar ? ['≥', bar.atLeast] : ['≤', bar.atMost];
  return [name, `${round(value)} ${unit}`, `${sign} ${limit} ${unit}`, isReached(verdict) ? 'reached' : 'not reached'];
}

function round(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(2);
}
