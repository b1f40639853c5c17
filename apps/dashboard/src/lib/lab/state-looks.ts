type StateLook = { readonly title: string; readonly names: readonly string[] };

/** What a scenario looks at besides its calls, by the name of the figure; its values are places in `names`. */
export const STATE_LOOKS: Readonly<Record<string, StateLook>> = {
  breaker: { title: 'Circuit breaker', names: ['closed', 'half-open', 'open'] },
  level: { title: 'Degradation level', names: ['normal', 'elevated', 'critical'] },
};
