import type { LabCheck, LabFigure, Summary, SummaryInput } from '@tidemark/schemas';
import { DAY_MS } from '../../calendar/days.ts';
import { pause } from '../../pause.ts';
import { callInParallel, toOutcome } from '../call-in-parallel.ts';
import { atLeast, atMost } from '../checks.ts';
import type { Called } from '../lab-client.ts';
import { makeLabEvents } from '../lab-events.ts';
import type { Lab, Phase, Scenario } from '../scenario.ts';
import { storeLabEvents } from '../store-lab-events.ts';

const EVENTS = 5_000;
const CALLERS = 64;
/** The level rises after a second of pressure each; the rest is to see what is served then. */
const PRESSURE_SECONDS = 20;
const LOOK_EVERY_MS = 250;
/** A level is left after ten calm seconds, and there are two. */
const RECOVERED_WITHIN_MS = 40_000;
const PRIORITIES = ['low', 'normal', 'high'] as const;
type Priority = (typeof PRIORITIES)[number];

/** Load raises the level: low priority gets coarser buckets, then nothing, normal gets coarser ones, high everything; and it falls again. */
export class GracefulDegradation implements Scenario {
  readonly name = 'graceful_degradation';
  readonly phases: readonly Phase[];
  readonly #question: SummaryInput;
  /** About the most that may be asked, so that a few dozen callers are a load on any machine. */
  readonly #heavy: SummaryInput;
  #expected = Number.NaN;
  /** When that was so. What load leaves may be older, from before the events of this run, and says so. */
  #expectedFrom = '';
  #highest = 0;
  #coarser: Record<Priority, number> = { low: 0, normal: 0, high: 0 };
  #silent = 0;
  #shed: Record<Priority, number> = { low: 0, normal: 0, high: 0 };
  #wrong = 0;
  #healthRefused = 0;
  #recoveredMs = Number.POSITIVE_INFINITY;
  #after: string | undefined;

  constructor() {
    const today = Math.floor(Date.now() / DAY_MS) * DAY_MS;
    const toText = (epochMs: number) => new Date(epochMs).toISOString();
    this.#question = {
      from: toText(today - 29 * DAY_MS),
      to: toText(today + DAY_MS),
      interval: 'hour',
      groupBy: 'type',
    };
    this.#heavy = { ...this.#question, from: toText(today - 89 * DAY_MS), compare: 'previous', fresh: true };
    this.phases = [
      {
        name: 'calm',
        title: 'Everything works',
        explains: 'Events of a month are stored; a question by the hour is answered by the hour.',
        run: (lab) => this.#calm(lab),
      },
      {
        name: 'pressure',
        title: `${CALLERS} callers ask for much, past the cache`,
        explains:
          'The level follows from how late the event loop is, and how long questions wait and take; nobody sets it.',
        run: (lab) => this.#press(lab),
      },
      {
        name: 'recover',
        title: 'The load is over',
        explains: 'After ten calm seconds each the level falls, and buckets are fine again.',
        run: (lab) => this.#recover(lab),
      },
    ];
  }

  checks(): LabCheck[] {
    return [
      atLeast('highest level', this.#highest, 2),
      atLeast('answers of low or normal priority with coarser buckets', this.#coarser.low + this.#coarser.normal, 1),
      atLeast('calls of low priority shed', this.#shed.low, 1),
      atMost('degraded answers that do not say so', this.#silent, 0),
      atMost('answers of high priority with coarser buckets', this.#coarser.high, 0),
      atMost('calls of high priority shed', this.#shed.high, 0),
      atMost('totals that are wrong', this.#wrong, 0),
      atMost('health refused', this.#healthRefused, 0),
      atMost('level 0 again within', this.#recoveredMs, RECOVERED_WITHIN_MS, ' ms'),
      atMost('coarser answers after that', Number(this.#after !== 'hour'), 0),
    ];
  }

  async #calm(lab: Lab): Promise<LabFigure[]> {
    const now = Date.now();
    await storeLabEvents(lab, makeLabEvents(EVENTS, { fromMs: now - 25 * DAY_MS, toMs: now }));
    const first = await lab.client.summarize({ ...this.#question, fresh: true }, { priority: 'high' });
    if (first.status === 'answered') {
      this.#expected = first.data.totals.events;
      this.#expectedFrom = first.data.meta.asOf;
    }
    return [{ name: 'events', value: this.#expected, unit: 'count' }];
  }

  async #press(lab: Lab): Promise<LabFigure[]> {
    const { client, signal } = lab;
    const ms = (lab.phaseSeconds ?? PRESSURE_SECONDS) * 1_000;
    await Promise.all([
      callInParallel({ callers: CALLERS, ms, signal }, async (caller) => {
        const called = await client.summarize(this.#heavy, { priority: 'high' });
        lab.recorder.record(toOutcome(called), called.tookMs);
        if (called.status === 'refused') await pause(LOOK_EVERY_MS + caller, signal);
      }),
      ...PRIORITIES.map((priority) =>
        callInParallel({ callers: 1, ms, signal }, async () => {
          this.#enter(lab, priority, await client.summarize(this.#question, { priority }));
          await pause(LOOK_EVERY_MS, signal);
        }),
      ),
      callInParallel({ callers: 1, ms, signal }, async () => {
        await this.#findLevel(lab);
        await pause(LOOK_EVERY_MS, signal);
      }),
    ]);
    return [{ name: 'highest level', value: this.#highest, unit: 'level' }];
  }

  async #recover(lab: Lab): Promise<LabFigure[]> {
    const { client, signal } = lab;
    const overAt = performance.now();
    while (performance.now() - overAt < 2 * RECOVERED_WITHIN_MS && !signal.aborted) {
      if ((await this.#findLevel(lab)) === 0) {
        this.#recoveredMs = performance.now() - overAt;
        const called = await client.summarize({ ...this.#question, fresh: true }, { priority: 'low' });
        if (called.status === 'answered') this.#after = called.data.meta.interval;
        return [{ name: 'recovered within', value: Math.round(this.#recoveredMs), unit: 'ms' }];
      }
      await pause(LOOK_EVERY_MS, signal);
    }
    return [];
  }

  #enter({ recorder }: Lab, priority: Priority, called: Called<Summary>): void {
    recorder.record(`${priority} ${toOutcome(called)}`, called.tookMs);
    if (called.status === 'refused') {
      this.#shed[priority] += Number(called.code === 'rate_limited');
      return;
    }
    const { totals, meta } = called.data;
    if (meta.interval !== this.#question.interval) {
      this.#coarser[priority] += 1;
      this.#silent += Number(meta.degraded === null || meta.exact);
    }
    this.#wrong += Number(meta.asOf >= this.#expectedFrom && totals.events !== this.#expected);
    this.#silent += Number(meta.asOf < this.#expectedFrom && meta.exact);
  }

  async #findLevel({ client, recorder }: Lab): Promise<number | undefined> {
    const health = await client.health();
    if (health.status === 'refused') {
      this.#healthRefused += 1;
      return undefined;
    }
    const { level } = health.data.load;
    this.#highest = Math.max(this.#highest, level);
    recorder.set({ name: 'level', value: level, unit: 'level' });
    return level;
  }
}
