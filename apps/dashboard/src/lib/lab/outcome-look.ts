export type OutcomeLook = {
  readonly label: string;
  readonly color: string;
  /** The better an outcome, the lower it lies in the stack. */
  readonly rank: number;
  readonly isRefusal: boolean;
};

const KINDS: Readonly<Record<string, OutcomeLook>> = {
  answered: { label: 'answered', color: 'var(--group-1)', rank: 0, isRefusal: false },
  hit: { label: 'from the cache', color: 'var(--group-2)', rank: 1, isRefusal: false },
  miss: { label: 'computed', color: 'var(--group-1)', rank: 2, isRefusal: false },
  stored: { label: 'stored', color: 'var(--group-7)', rank: 3, isRefusal: false },
  bypass: { label: 'computed past the cache', color: 'var(--group-3)', rank: 3, isRefusal: false },
  stale: { label: 'stale, and says so', color: 'var(--group-4)', rank: 4, isRefusal: false },
  rate_limited: { label: 'refused by the limit', color: 'var(--group-5)', rank: 5, isRefusal: true },
  overloaded: { label: 'refused for load', color: 'var(--group-8)', rank: 6, isRefusal: true },
  unavailable: { label: 'refused: database away', color: 'var(--group-5)', rank: 7, isRefusal: true },
  timed_out: { label: 'timed out', color: 'var(--group-6)', rank: 8, isRefusal: true },
};

/** Before the outcome a scenario may say whose calls they were. */
const CALLERS: Readonly<Record<string, { readonly label: string; readonly strength: number }>> = {
  high: { label: 'High priority', strength: 85 },
  normal: { label: 'Normal priority', strength: 65 },
  low: { label: 'Low priority', strength: 45 },
  fresh: { label: 'Past the cache', strength: 60 },
};

/** How an outcome such as `hit` or `low rate_limited` is named and drawn. */
export function toOutcomeLook(name: string): OutcomeLook {
  const [caller = '', kind = ''] = name.includes(' ') ? name.split(' ', 2) : ['', name];
  const found = KINDS[kind] ?? {
    label: kind.replaceAll('_', ' '),
    color: 'var(--group-rest)',
    rank: 9,
    isRefusal: true,
  };
  const whose = CALLERS[caller];
  if (whose === undefined) return { ...found, label: found.label.charAt(0).toUpperCase() + found.label.slice(1) };
  return {
    ...found,
    label: `${whose.label}: ${found.label}`,
    color: `color-mix(in oklab, ${found.color} ${whose.strength}%, var(--surface))`,
    rank: found.rank + 0.5,
  };
}

/** Every outcome that there was, the best first. */
export function toOutcomeNames(samples: readonly { readonly outcomes: ReadonlyMap<string, number> }[]): string[] {
  const names = new Set(samples.flatMap(({ outcomes }) => [...outcomes.keys()]));
  return [...names].sort((a, b) => toOutcomeLook(a).rank - toOutcomeLook(b).rank || a.localeCompare(b));
}
