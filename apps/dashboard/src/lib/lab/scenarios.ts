import type { ScenarioName } from '@tidemark/schemas';

type ScenarioLook = {
  readonly name: ScenarioName;
  readonly title: string;
  /** What it does to the server, and what should come of it. */
  readonly about: string;
  /** How long it takes, about. */
  readonly takes: string;
  /** Whether the server has to allow injected faults. */
  readonly needsFaults: boolean;
};

// Written out in the order they are best seen: from the limit that everyone meets to what only two servers show.
export const SCENARIO_LOOKS: readonly ScenarioLook[] = [
  {
    name: 'traffic_spike',
    title: 'Traffic spike',
    about:
      'A hundred callers at once. The budget is given out to the last call and no further; everyone else is told when to come again.',
    takes: '10 s',
    needsFaults: false,
  },
  {
    name: 'cache_performance',
    title: 'Cache',
    about:
      'What is computed against what is kept, and whether a commit takes out of date what it changed and nothing else.',
    takes: '15 s',
    needsFaults: false,
  },
  {
    name: 'circuit_breaker',
    title: 'Circuit breaker',
    about:
      'The database slow, then gone. The breaker opens, kept answers are served and say so, nothing is made up, and it closes by itself.',
    takes: '20 s',
    needsFaults: true,
  },
  {
    name: 'graceful_degradation',
    title: 'Graceful degradation',
    about:
      'Load raises the level: coarser buckets first, then low priority is shed, high gets everything; and it falls again.',
    takes: '1 min',
    needsFaults: false,
  },
  {
    name: 'end_to_end',
    title: 'End to end',
    about: 'A second server joins for the while. What one acknowledges is in the other’s numbers within a second.',
    takes: '15 s',
    needsFaults: false,
  },
];

/** The one that an address names, or the first. */
export function findScenario(name: string | null): ScenarioLook {
  const [first] = SCENARIO_LOOKS;
  const found = SCENARIO_LOOKS.find((look) => look.name === name) ?? first;
  if (found === undefined) throw new Error('there are no scenarios');
  return found;
}
