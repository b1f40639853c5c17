import type { LabCheck, LabFigure, ScenarioName } from '@tidemark/schemas';
import type { LabClient } from './lab-client.ts';

/** What a scenario works with. */
export type Lab = {
  readonly client: LabClient;
  /** Seconds of a phase where somebody has chosen; otherwise the phase's own. */
  readonly phaseSeconds: number | undefined;
  readonly signal: AbortSignal;
  /** Where the measured go: what is recorded here is in the picture and in the phase's result. */
  readonly recorder: Recorder;
};

export type Recorder = {
  /** One call, by what became of it. */
  record(outcome: string, tookMs: number): void;
  /** A state that is looked at, such as a level; the last one counts. */
  set(figure: LabFigure): void;
};

/** A part of a scenario that is told of by itself. It is over when `run` resolves. */
export type Phase = {
  readonly name: string;
  readonly title: string;
  /** What happens and why, in a sentence for whoever watches. */
  readonly explains: string;
  run(lab: Lab): Promise<readonly LabFigure[]>;
};

/**
 * A scenario: phases one after the other, and a verdict on what was measured. Every check can fail; what a phase needs
 * from an earlier one it keeps in the scenario's own object, which is made anew for each run.
 */
export type Scenario = {
  readonly name: ScenarioName;
  readonly phases: readonly Phase[];
  /** What has to be put right after a run that ended anywhere. */
  cleanUp?(lab: Lab): Promise<void>;
  checks(): readonly LabCheck[];
};
