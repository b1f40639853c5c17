import type { LabCheck, LabFigure, LabMessage } from '@tidemark/schemas';

/** One look at the run, twice a second. */
export type LabSample = {
  /** Since the run began. */
  readonly atMs: number;
  readonly perSecond: number;
  /** In ms, of the calls since the sample before; null: there were none. */
  readonly latencies: { readonly p50: number; readonly p95: number; readonly p99: number } | null;
  /** Calls a second by what became of them. */
  readonly outcomes: ReadonlyMap<string, number>;
  /** What is looked at besides calls: the breaker, the level. */
  readonly states: ReadonlyMap<string, number>;
};

export type LabPhase = {
  readonly name: string;
  readonly title: string;
  readonly explains: string;
  readonly fromMs: number;
  /** Null: it runs. */
  readonly result: readonly LabFigure[] | null;
};

export type LabVerdict = { readonly passed: boolean; readonly checks: readonly LabCheck[]; readonly tookMs: number };

/** What is known of a run so far. */
export type LabPicture = {
  readonly phases: readonly LabPhase[];
  readonly samples: readonly LabSample[];
  readonly verdict: LabVerdict | null;
};

export const BLANK: LabPicture = { phases: [], samples: [], verdict: null };

/** Ten minutes of samples: twice as long as the longest phases can take. */
const MAX_SAMPLES = 1_200;
/** The server takes one this often. */
const SAMPLE_S = 0.5;

/** The picture with one message more, which came so long after the run began. */
export function addMessage(picture: LabPicture, message: LabMessage, atMs: number): LabPicture {
  const { phases, samples } = picture;
  switch (message.type) {
    case 'phase': {
      const { phase: name, title, explains } = message;
      return { ...picture, phases: [...phases, { name, title, explains, fromMs: atMs, result: null }] };
    }
    case 'sample':
      return { ...picture, samples: [...samples, toSample(message.figures, atMs)].slice(-MAX_SAMPLES) };
    case 'result': {
      const { phase: name, figures } = message;
      // What was looked at last may be newer than the last sample.
      const { states } = toSample(figures, atMs);
      const last = { atMs, perSecond: 0, latencies: null, outcomes: new Map<string, number>(), states };
      return {
        ...picture,
        samples: states.size === 0 ? samples : [...samples, last].slice(-MAX_SAMPLES),
        phases: phases.map((phase) => (phase.name === name ? { ...phase, result: figures } : phase)),
      };
    }
    case 'verdict': {
      const { passed, checks, tookMs } = message;
      return { ...picture, verdict: { passed, checks, tookMs } };
    }
  }
}

function toSample(figures: readonly LabFigure[], atMs: number): LabSample {
  const values = new Map(figures.map(({ name, value }) => [name, value]));
  const [p50, p95, p99] = ['p50', 'p95', 'p99'].map((name) => values.get(name));
  const ofUnit = (unit: LabFigure['unit']) => figures.filter((figure) => figure.unit === unit);
  return {
    atMs,
    perSecond: values.get('requests') ?? 0,
    latencies: p50 === undefined || p95 === undefined || p99 === undefined ? null : { p50, p95, p99 },
    outcomes: new Map(ofUnit('count').map(({ name, value }) => [name, value / SAMPLE_S])),
    states: new Map(ofUnit('level').map(({ name, value }) => [name, value])),
  };
}
