import type { LabCheck, LabFigure, SummaryInput } from '@tidemark/schemas';
import { DAY_MS } from '../../calendar/days.ts';
import { pause } from '../../pause.ts';
import { callInParallel, toOutcome } from '../call-in-parallel.ts';
import { toPercentile } from '../call-recorder.ts';
import { atLeast, atMost } from '../checks.ts';
import { makeLabEvents } from '../lab-events.ts';
import type { Lab, Phase, Scenario } from '../scenario.ts';
import { storeLabEvents } from '../store-lab-events.ts';

const EVENTS = 2_000;
const CALLERS = 8;
const WARM_SECONDS = 5;
const ROUNDS = 10;
/** Everyone sees a commit within a second; on top of that comes the time of the request itself. */
const SEEN_WITHIN_MS = 1_500;
const GIVE_UP_MS = 3_000;
/** After so many there is nothing more to learn. */
const ENOUGH_WRONG = 2;
const POLL_MS = 20;
/** Of answers asked for over and over while nothing changes. */
const HIT_SHARE = 0.9;
/** What is kept is at least so much cheaper for the server than what is computed. */
const SPEED_UP = 3;

/** How much the cache saves, and whether a commit takes out of date what it changed and nothing else. */
export class CachePerformance implements Scenario {
  readonly name = 'cache_performance';
  readonly phases: readonly Phase[];
  readonly #now = Date.now();
  readonly #cold: number[] = [];
  readonly #warm: number[] = [];
  readonly #seenMs: number[] = [];
  #hits = 0;
  #asked = 0;
  #historyHits = 0;
  #wrong = 0;

  constructor() {
    this.phases = [
      {
        name: 'seed',
        title: 'Store events',
        explains: `${EVENTS} events of the last 30 days, by way of ingest.`,
        run: async (lab) => {
          await storeLabEvents(lab, makeLabEvents(EVENTS, { fromMs: this.#now - 30 * DAY_MS, toMs: this.#now }));
          return [];
        },
      },
      {
        name: 'cold',
        title: 'Ask with an empty cache',
        explains: 'Every question is computed from the rollups: these are misses.',
        run: (lab) => this.#askCold(lab),
      },
      {
        name: 'warm',
        title: 'Ask the same again',
        explains: 'Nothing changes, so that nothing need be computed: these are hits.',
        run: (lab) => this.#askWarm(lab),
      },
      {
        name: 'invalidate',
        title: 'Change today, look at today and at last week',
        explains: 'Each commit renews the generation of its day: today is computed again, last week is still a hit.',
        run: (lab) => this.#invalidate(lab),
      },
    ];
  }

  checks(): LabCheck[] {
    const [cold, warm] = [this.#cold, this.#warm].map((times) => toPercentile(times.toSorted(byNumber), 0.5));
    return [
      atLeast('hits of repeated questions', this.#hits / this.#asked, HIT_SHARE),
      atLeast("computed ÷ kept, in the server's time", (cold ?? 0) / Math.max(warm ?? 0, 0.1), SPEED_UP, ' ×'),
      atMost('slowest commit to be seen', Math.max(...this.#seenMs), SEEN_WITHIN_MS, ' ms'),
      atMost('wrong numbers', this.#wrong, 0),
      atLeast('hits of what no commit changed', this.#historyHits / ROUNDS, HIT_SHARE),
    ];
  }

  /** Every question that is asked, with its range fixed. */
  #questions(): SummaryInput[] {
    const range = this.#range(30, 0);
    const intervals = ['day', 'hour', 'week'] as const;
    return intervals.flatMap((interval) => [
      { ...range, interval },
      { ...range, interval, groupBy: 'type' as const },
      { ...range, interval, groupBy: 'device' as const },
      { ...range, interval, types: ['purchase'] },
    ]);
  }

  #range(fromDays: number, toDays: number): { from: string; to: string } {
    const tomorrow = (Math.floor(this.#now / DAY_MS) + 1) * DAY_MS;
    const toText = (days: number) => new Date(tomorrow - days * DAY_MS).toISOString();
    return { from: toText(fromDays), to: toText(toDays) };
  }

  async #askCold(lab: Lab): Promise<LabFigure[]> {
    await lab.client.clearCache();
    for (const question of this.#questions()) {
      const called = await lab.client.summarize(question);
      lab.recorder.record(called.status === 'answered' ? called.data.meta.cache.status : called.code, called.tookMs);
      if (called.status === 'answered') this.#cold.push(called.data.meta.tookMs);
    }
    return [];
  }

  async #askWarm(lab: Lab): Promise<LabFigure[]> {
    const questions = this.#questions();
    const ms = (lab.phaseSeconds ?? WARM_SECONDS) * 1_000;
    let next = 0;
    await callInParallel({ callers: CALLERS, ms, signal: lab.signal }, async () => {
      const question = questions[next++ % questions.length];
      if (question === undefined) return;
      const called = await lab.client.summarize(question);
      this.#asked += 1;
      if (called.status === 'refused') {
        lab.recorder.record(toOutcome(called), called.tookMs);
        return;
      }
      const { cache, tookMs } = called.data.meta;
      lab.recorder.record(cache.status, called.tookMs);
      this.#hits += Number(cache.status === 'hit');
      this.#warm.push(tookMs);
    });
    return [{ name: 'hit share', value: this.#hits / this.#asked, unit: 'ratio' }];
  }

  async #invalidate(lab: Lab): Promise<LabFigure[]> {
    const { client, recorder, signal } = lab;
    const today = { ...this.#range(1, 0), interval: 'hour' as const };
    const history = { ...this.#range(20, 10), interval: 'day' as const };
    const first = await client.summarize({ ...today, fresh: true });
    await client.summarize(history);
    let expected = first.status === 'answered' ? first.data.totals.events : Number.NaN;
    for (let round = 0; round < ROUNDS && this.#wrong < ENOUGH_WRONG && !signal.aborted; round++) {
      expected += await storeLabEvents(lab, makeLabEvents(1 + round, { fromMs: this.#now, toMs: this.#now + 1 }));
      const storedAt = performance.now();
      let seen = Number.NaN;
      while (performance.now() - storedAt < GIVE_UP_MS && !signal.aborted) {
        const called = await client.summarize(today);
        recorder.record(called.status === 'answered' ? called.data.meta.cache.status : called.code, called.tookMs);
        seen = called.status === 'answered' ? called.data.totals.events : Number.NaN;
        if (seen >= expected) break;
        await pause(POLL_MS);
      }
      this.#seenMs.push(performance.now() - storedAt);
      this.#wrong += Number(seen !== expected);
      const untouched = await client.summarize(history);
      this.#historyHits += Number(untouched.status === 'answered' && untouched.data.meta.cache.status === 'hit');
    }
    return [{ name: 'commit seen within', value: Math.round(Math.max(...this.#seenMs)), unit: 'ms' }];
  }
}

function byNumber(one: number, other: number): number {
  return one - other;
}
