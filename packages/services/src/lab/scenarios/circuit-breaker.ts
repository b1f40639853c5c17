import type { BreakerState, LabCheck, LabFigure, Summary, SummaryInput } from '@tidemark/schemas';
import { DAY_MS } from '../../calendar/days.ts';
import { pause } from '../../pause.ts';
import { callInParallel, toOutcome } from '../call-in-parallel.ts';
import { atLeast, atMost } from '../checks.ts';
import type { Called } from '../lab-client.ts';
import { makeLabEvents } from '../lab-events.ts';
import type { Lab, Phase, Scenario } from '../scenario.ts';
import { storeLabEvents } from '../store-lab-events.ts';

const EVENTS = 500;
const PHASE_SECONDS = 6;
const DELAY_MS = 1_500;
/** A fault ends by itself should its phase never come to it. */
const FAULT_MARGIN_MS = 30_000;
const KEPT_CALLERS = 4;
const FRESH_CALLERS = 2;
const CALL_PAUSE_MS = 50;
const HEALTH_EVERY_MS = 200;
/** What is kept needs no database: a breaker that is open answers at once. */
const KEPT_WITHIN_MS = 1_500;
/** The breaker tries again every second or two. */
const CLOSED_WITHIN_MS = 10_000;
const STATE_LEVELS: Readonly<Record<BreakerState, number>> = { closed: 0, 'half-open': 1, open: 2 };

/** The database slow, then gone: the breaker opens, what is kept is served and says so, nothing is made up, and it closes by itself. */
export class CircuitBreaker implements Scenario {
  readonly name = 'circuit_breaker';
  readonly phases: readonly Phase[];
  readonly #question: SummaryInput;
  #expected = Number.NaN;
  #opened = 0;
  #stale = 0;
  #keptRefused = 0;
  #boasting = 0;
  #wrong = 0;
  #slowestKept = 0;
  #freshAnswered = 0;
  #untimed = 0;
  #closedMs = Number.POSITIVE_INFINITY;
  #after = Number.NaN;

  constructor() {
    const today = Math.floor(Date.now() / DAY_MS) * DAY_MS;
    const toText = (epochMs: number) => new Date(epochMs).toISOString();
    this.#question = { from: toText(today - 6 * DAY_MS), to: toText(today + DAY_MS), interval: 'day' };
    this.phases = [
      {
        name: 'calm',
        title: 'Everything works',
        explains: 'Events are stored and a question is asked, so that its answer is kept.',
        run: (lab) => this.#calm(lab),
      },
      {
        name: 'slow',
        title: 'The database is slow',
        explains: `Every transaction takes ${DELAY_MS} ms longer. What is kept is served meanwhile.`,
        run: (lab) => this.#breakDown(lab, { fault: 'database_slow', delayMs: DELAY_MS }),
      },
      {
        name: 'down',
        title: 'The database is gone',
        explains: 'The breaker opens: kept answers are served as stale with their age, the rest is refused at once.',
        run: (lab) => this.#breakDown(lab, { fault: 'database_down' }),
      },
      {
        name: 'recover',
        title: 'The database is back',
        explains: 'A probe finds it, the breaker closes, and answers are exact again.',
        run: (lab) => this.#recover(lab),
      },
    ];
  }

  checks(): LabCheck[] {
    return [
      atLeast('times the breaker was seen open', this.#opened, 1),
      atLeast('kept answers served as stale', this.#stale, 1),
      atMost('kept questions refused', this.#keptRefused, 0),
      atMost('stale answers that claim to be exact', this.#boasting, 0),
      atMost('answers with a wrong number', this.#wrong, 0),
      atMost('slowest kept answer while the database was gone', this.#slowestKept, KEPT_WITHIN_MS, ' ms'),
      atMost('fresh answers while the database was gone', this.#freshAnswered, 0),
      atMost('refusals that name no time', this.#untimed, 0),
      atMost('closed again within', this.#closedMs, CLOSED_WITHIN_MS, ' ms'),
      atMost('difference of the number afterwards', Math.abs(this.#after - this.#expected), 0),
    ];
  }

  async cleanUp({ client }: Lab): Promise<void> {
    client.clearFaults();
  }

  async #calm(lab: Lab): Promise<LabFigure[]> {
    const now = Date.now();
    await storeLabEvents(lab, makeLabEvents(EVENTS, { fromMs: now - 2 * DAY_MS, toMs: now }));
    const first = await lab.client.summarize({ ...this.#question, fresh: true });
    if (first.status === 'answered') this.#expected = first.data.totals.events;
    await lab.client.summarize(this.#question);
    return [{ name: 'events', value: this.#expected, unit: 'count' }];
  }

  async #breakDown(lab: Lab, fault: Parameters<Lab['client']['injectFault']>[0]): Promise<LabFigure[]> {
    const { client, signal } = lab;
    const ms = (lab.phaseSeconds ?? PHASE_SECONDS) * 1_000;
    const isDown = fault.fault === 'database_down';
    client.injectFault(fault, ms + FAULT_MARGIN_MS);
    // The fault is told to the server by a message: what is asked before it arrives is answered as ever.
    await pause(HEALTH_EVERY_MS, signal);
    await Promise.all([
      callInParallel({ callers: KEPT_CALLERS, ms, signal }, async () => {
        this.#enterKept(lab, await client.summarize(this.#question), isDown);
        await pause(CALL_PAUSE_MS, signal);
      }),
      callInParallel({ callers: FRESH_CALLERS, ms, signal }, async () => {
        const called = await client.summarize({ ...this.#question, fresh: true });
        lab.recorder.record(`fresh ${toOutcome(called)}`, called.tookMs);
        if (isDown && called.status === 'answered') this.#freshAnswered += 1;
        if (called.status === 'refused')
          this.#untimed += Number(called.retryAfterMs <= 0 && called.code !== 'timed_out');
        await pause(CALL_PAUSE_MS, signal);
      }),
      callInParallel({ callers: 1, ms, signal }, async () => {
        this.#opened += Number((await this.#findState(lab)) === 'open');
        await pause(HEALTH_EVERY_MS, signal);
      }),
    ]);
    return [];
  }

  async #recover(lab: Lab): Promise<LabFigure[]> {
    const clearedAt = performance.now();
    lab.client.clearFaults();
    while (performance.now() - clearedAt < 2 * CLOSED_WITHIN_MS && !lab.signal.aborted) {
      const isClosed = (await this.#findState(lab)) === 'closed';
      const fresh = isClosed ? await lab.client.summarize({ ...this.#question, fresh: true }) : undefined;
      if (fresh?.status === 'answered') {
        this.#closedMs = performance.now() - clearedAt;
        this.#after = fresh.data.totals.events;
        return [{ name: 'recovered within', value: Math.round(this.#closedMs), unit: 'ms' }];
      }
      await pause(HEALTH_EVERY_MS, lab.signal);
    }
    return [];
  }

  #enterKept({ recorder }: Lab, called: Called<Summary>, isDown: boolean): void {
    if (called.status === 'refused') {
      recorder.record(toOutcome(called), called.tookMs);
      this.#keptRefused += 1;
      return;
    }
    const { totals, meta } = called.data;
    recorder.record(meta.cache.status, called.tookMs);
    this.#wrong += Number(totals.events !== this.#expected);
    if (!isDown) return;
    this.#slowestKept = Math.max(this.#slowestKept, called.tookMs);
    if (meta.cache.status !== 'stale') return;
    this.#stale += 1;
    this.#boasting += Number(meta.exact);
  }

  async #findState({ client, recorder }: Lab): Promise<BreakerState | undefined> {
    const health = await client.health();
    if (health.status === 'refused') return undefined;
    const state = health.data.breakers.find(({ name }) => name === 'reads')?.state;
    if (state !== undefined) recorder.set({ name: 'breaker', value: STATE_LEVELS[state], unit: 'level' });
    return state;
  }
}
