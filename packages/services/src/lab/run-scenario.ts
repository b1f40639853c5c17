import type { LabMessage } from '@tidemark/schemas';
import { pause } from '../pause.ts';
import { CallRecorder } from './call-recorder.ts';
import type { LabClient } from './lab-client.ts';
import type { Lab, Recorder, Scenario } from './scenario.ts';

/** As often as a picture changes that a person follows. */
const SAMPLE_MS = 500;

export type ScenarioRun = {
  readonly client: LabClient;
  readonly phaseSeconds?: number | undefined;
  readonly signal: AbortSignal;
};

/** Runs a scenario's phases, tells of each as it goes, and ends with the verdict. */
export async function* runScenario(scenario: Scenario, run: ScenarioRun): AsyncGenerator<LabMessage> {
  const startedAt = performance.now();
  const sampled = new CallRecorder();
  const whole = new CallRecorder();
  const lab: Lab = { ...run, phaseSeconds: run.phaseSeconds, recorder: toBoth(sampled, whole) };
  try {
    for (const phase of scenario.phases) {
      if (run.signal.aborted) return;
      const { name, title, explains } = phase;
      yield { type: 'phase', phase: name, title, explains };
      const running = phase.run(lab);
      // It is waited for below; until then its failure is nobody's.
      running.catch(() => {});
      const phaseStartedAt = performance.now();
      whole.take();
      while ((await Promise.race([running, pause(SAMPLE_MS)])) === undefined) {
        const elapsedMs = Math.round(performance.now() - phaseStartedAt);
        yield { type: 'sample', phase: name, elapsedMs, figures: sampled.take() };
      }
      const figures = await running;
      yield { type: 'result', phase: name, figures: [...whole.take(), ...figures] };
    }
    const checks = [...scenario.checks()];
    const tookMs = Math.round(performance.now() - startedAt);
    yield { type: 'verdict', passed: checks.every(({ passed }) => passed), checks, tookMs };
  } finally {
    await scenario.cleanUp?.(lab);
  }
}

function toBoth(one: Recorder, other: Recorder): Recorder {
  return {
    record(outcome, tookMs) {
      one.record(outcome, tookMs);
      other.record(outcome, tookMs);
    },
    set(figure) {
      one.set(figure);
      other.set(figure);
    },
  };
}
