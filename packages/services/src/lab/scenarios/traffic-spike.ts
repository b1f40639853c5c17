import type { LabCheck, LabFigure } from '@tidemark/schemas';
import { pause } from '../../pause.ts';
import { callInParallel, toOutcome } from '../call-in-parallel.ts';
import { atLeast, atMost } from '../checks.ts';
import type { Called } from '../lab-client.ts';
import type { Lab, Phase, Scenario } from '../scenario.ts';

const CALLERS = 120;
const SPIKE_SECONDS = 5;
const CALM_CALLS = 5;
/** What the lab's key may ask in a minute while it is the spike's: a hundred callers use that up at once. */
const BUDGET = 200;
const QUESTION = { last: '24h' } as const;
const HEALTH_EVERY_MS = 250;
/** A refused caller does not come again at once, as no client does. */
const REFUSED_PAUSE_MS = 50;
/** A changed limit is obeyed within a second on every server … */
const OBEYED_MS = 1_000;
/** … and the calls that show it take their time. */
const RAISED_WITHIN_MS = 3_000;
const POLL_MS = 50;

/** A crowd at once: the budget is given out to the last call and no further, and everyone else is told when to come again. */
export class TrafficSpike implements Scenario {
  readonly name = 'traffic_spike';
  readonly phases: readonly Phase[];
  #underWay = 0;
  #mostUnderWay = 0;
  #answered = 0;
  #limited = 0;
  #untimed = 0;
  #failed = 0;
  #healthAnswers = 0;
  #healthRefusals = 0;
  #raisedMs = Number.POSITIVE_INFINITY;

  constructor() {
    this.phases = [
      {
        name: 'calm',
        title: 'A few calls',
        explains: `The key may ask ${BUDGET} times a minute; a handful is nothing.`,
        run: (lab) => this.#calm(lab),
      },
      {
        name: 'spike',
        title: `${CALLERS} callers at once`,
        explains: 'The budget is used up at once; then every call is refused with 429 and the time to come again.',
        run: (lab) => this.#spike(lab),
      },
      {
        name: 'raise',
        title: 'Raise the limit',
        explains: 'A limit is changed while the server runs, and obeyed within a second.',
        run: (lab) => this.#raise(lab),
      },
    ];
  }

  checks(): LabCheck[] {
    return [
      atLeast('requests under way at once', this.#mostUnderWay, 100),
      atLeast('calls refused by the limit', this.#limited, 1),
      atLeast('calls answered, of the budget', this.#answered, BUDGET),
      atMost('calls answered beyond the budget', this.#answered - BUDGET, 0),
      atMost('refusals that name no time', this.#untimed, 0),
      atMost('other failures', this.#failed, 0),
      atLeast('health answered meanwhile', this.#healthAnswers, 1),
      atMost('health refused meanwhile', this.#healthRefusals, 0),
      atMost('a raised limit obeyed within', this.#raisedMs, RAISED_WITHIN_MS, ' ms'),
    ];
  }

  async cleanUp({ client }: Lab): Promise<void> {
    client.liftLimits();
  }

  async #calm(lab: Lab): Promise<LabFigure[]> {
    lab.client.setBudget(BUDGET);
    // It is told to the server by a message, and obeyed within a second.
    await pause(OBEYED_MS, lab.signal);
    for (let call = 0; call < CALM_CALLS; call++) this.#enter(lab, await lab.client.summarize(QUESTION));
    return [{ name: 'budget', value: BUDGET, unit: 'count' }];
  }

  async #spike(lab: Lab): Promise<LabFigure[]> {
    const { client, signal } = lab;
    const ms = (lab.phaseSeconds ?? SPIKE_SECONDS) * 1_000;
    const watching = callInParallel({ callers: 1, ms, signal }, async () => {
      const health = await client.health();
      if (health.status === 'answered') this.#healthAnswers += 1;
      else this.#healthRefusals += 1;
      await pause(HEALTH_EVERY_MS, signal);
    });
    await callInParallel({ callers: CALLERS, ms, signal }, async () => {
      this.#underWay += 1;
      this.#mostUnderWay = Math.max(this.#mostUnderWay, this.#underWay);
      const called = await client.summarize(QUESTION);
      this.#underWay -= 1;
      this.#enter(lab, called);
      if (called.status === 'refused') await pause(REFUSED_PAUSE_MS, signal);
    });
    await watching;
    return [];
  }

  async #raise(lab: Lab): Promise<LabFigure[]> {
    const { client, recorder, signal } = lab;
    const raisedAt = performance.now();
    client.liftLimits();
    while (performance.now() - raisedAt < 2 * RAISED_WITHIN_MS && !signal.aborted) {
      const called = await client.summarize(QUESTION);
      recorder.record(toOutcome(called), called.tookMs);
      if (called.status === 'answered') {
        this.#raisedMs = performance.now() - raisedAt;
        return [{ name: 'obeyed within', value: Math.round(this.#raisedMs), unit: 'ms' }];
      }
      await pause(POLL_MS, signal);
    }
    return [];
  }

  #enter({ recorder }: Lab, called: Called<unknown>): void {
    recorder.record(toOutcome(called), called.tookMs);
    if (called.status === 'answered') this.#answered += 1;
    else if (called.code === 'rate_limited') {
      this.#limited += 1;
      this.#untimed += Number(called.retryAfterMs <= 0);
    } else this.#failed += 1;
  }
}
