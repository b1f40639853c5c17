import type { LoadLevel, LoadSample } from '@tidemark/schemas';

type LevelLook = {
  readonly name: string;
  /** What it means for whoever asks. */
  readonly means: string;
  readonly tone: 'up' | 'warn' | 'down';
};

export const LEVELS: Record<LoadLevel, LevelLook> = {
  0: { name: 'Normal', means: 'Every question gets its full answer.', tone: 'up' },
  1: {
    name: 'Elevated',
    means:
      'Questions of low priority get longer buckets, or an answer up to 30 seconds old. All others get everything.',
    tone: 'warn',
  },
  2: {
    name: 'Critical',
    means:
      'Questions of low priority are refused with a time to come again, those of normal priority get longer buckets. High priority, ingest and this page get everything.',
    tone: 'down',
  },
};

type Pressure = {
  readonly name: string;
  readonly about: string;
  readonly measure: (sample: LoadSample) => number | null;
  /** In ms: from where on it makes the level 1, and 2; docs/operations.md has the table. */
  readonly bounds: readonly [number, number];
};

/** What the level follows from; the highest of them counts. */
export const PRESSURES: readonly Pressure[] = [
  {
    name: 'Event loop delay',
    about: 'How late timers fire',
    measure: ({ loopDelayMs }) => loopDelayMs,
    bounds: [100, 400],
  },
  {
    name: 'Waiting for a connection',
    about: 'The question that waits longest',
    measure: ({ waitingMs }) => waitingMs,
    bounds: [250, 1_500],
  },
  {
    name: 'Answers, 95th percentile',
    about: 'Of the last five seconds',
    measure: ({ answersP95Ms }) => answersP95Ms,
    bounds: [1_000, 3_000],
  },
  {
    name: "Waiting for one's own turns",
    about: 'Of this tenant alone; it costs no other',
    measure: ({ ownWaitMs }) => ownWaitMs,
    bounds: [500, 2_000],
  },
];

export function toLevel(value: number, [elevated, critical]: Pressure['bounds']): LoadLevel {
  if (value >= critical) return 2;
  return value >= elevated ? 1 : 0;
}
