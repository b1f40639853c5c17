import { type LabFigure, type LabMessage, SCENARIOS, type ScenarioName } from '@tidemark/schemas';
import { CONNECTING, type Link, type LinkAction, reduceLink, toLive } from '../connection/link.ts';

type Phase = {
  readonly phase: string;
  readonly title: string;
  readonly explains: string;
  /** What it came to, once it is over. */
  readonly result: readonly LabFigure[] | undefined;
};
export type Verdict = Extract<LabMessage, { type: 'verdict' }>;

/** choosing ──enter──▶ running ──verdict──▶ done ──enter──▶ running; escape leaves a run, whose faults end by themselves. */
export type LabState = {
  readonly link: Link;
  readonly scenario: ScenarioName;
  readonly stage: 'choosing' | 'running' | 'done';
  readonly phases: readonly Phase[];
  /** The last measurements of each figure of the present phase, oldest first. */
  readonly samples: readonly (readonly LabFigure[])[];
  readonly verdict: Verdict | undefined;
};

export type LabAction =
  | { readonly type: 'stepped'; readonly by: 1 | -1 }
  | { readonly type: 'started' | 'stopped' }
  | { readonly type: 'told'; readonly message: LabMessage; readonly at: number }
  | LinkAction;

/** Two a second: half a minute of them fills a small chart. */
const KEPT_SAMPLES = 60;

export const CHOOSING: LabState = {
  link: CONNECTING,
  scenario: 'cache_performance',
  stage: 'choosing',
  phases: [],
  samples: [],
  verdict: undefined,
};

export function reduceLab(state: LabState, action: LabAction): LabState {
  switch (action.type) {
    case 'stepped':
      if (state.stage === 'running') return state;
      return { ...CHOOSING, link: state.link, scenario: toNeighbour(state.scenario, action.by) };
    case 'started':
      return { ...CHOOSING, scenario: state.scenario, stage: 'running' };
    case 'stopped':
      return { ...CHOOSING, scenario: state.scenario };
    case 'told':
      return state.stage === 'running' ? { ...tell(state, action.message), link: toLive(action.at) } : state;
    case 'dropped':
    case 'refused':
      return { ...state, link: reduceLink(state.link, action) };
  }
}

function tell(state: LabState, message: LabMessage): LabState {
  switch (message.type) {
    case 'phase': {
      const { phase, title, explains } = message;
      return { ...state, phases: [...state.phases, { phase, title, explains, result: undefined }], samples: [] };
    }
    case 'sample':
      return { ...state, samples: [...state.samples, message.figures].slice(-KEPT_SAMPLES) };
    case 'result': {
      const phases = state.phases.map((one) =>
        one.phase === message.phase ? { ...one, result: message.figures } : one,
      );
      return { ...state, phases };
    }
    case 'verdict':
      return { ...state, verdict: message, stage: 'done' };
  }
}

function toNeighbour(scenario: ScenarioName, by: number): ScenarioName {
  return SCENARIOS.at((SCENARIOS.indexOf(scenario) + by) % SCENARIOS.length) ?? scenario;
}
