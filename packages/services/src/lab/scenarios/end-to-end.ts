import type { LabCheck, LabFigure, SummaryInput } from '@tidemark/schemas';
import { DAY_MS } from '../../calendar/days.ts';
import { pause } from '../../pause.ts';
import { atLeast, atMost } from '../checks.ts';
import { makeLabEvents } from '../lab-events.ts';
import type { Lab, Phase, Scenario } from '../scenario.ts';
import { storeLabEvents } from '../store-lab-events.ts';

const ROUNDS = 20;
const BURST_SECONDS = 5;
const BURST_EVENTS = 20;
/** Nobody is more than a second behind; on top of that comes the time of the request itself. */
const SEEN_WITHIN_MS = 1_500;
const BEHIND_MS = 1_000;
const GIVE_UP_MS = 3_000;
/** After so many there is nothing more to learn. */
const ENOUGH_UNSEEN = 2;
const POLL_MS = 20;

type Acknowledged = { readonly at: number; readonly events: number };

/** Whether what one server acknowledges is in the other's numbers within a second, alone and in a stream of commits. */
export class EndToEnd implements Scenario {
  readonly name = 'end_to_end';
  readonly phases: readonly Phase[];
  readonly #question: SummaryInput & { from: string };
  readonly #seenMs: number[] = [];
  readonly #acknowledged: Acknowledged[] = [];
  #sent = 0;
  #unseen = 0;
  #reads = 0;
  #behind = 0;
  #ahead = 0;
  #final: readonly number[] = [];

  constructor() {
    const today = Math.floor(Date.now() / DAY_MS) * DAY_MS;
    const toText = (epochMs: number) => new Date(epochMs).toISOString();
    this.#question = { from: toText(today), to: toText(today + DAY_MS), interval: 'hour' };
    this.phases = [
      {
        name: 'begin',
        title: 'Ask the second server',
        explains: 'Both servers share the database; the second one keeps its own answers, and has one now.',
        run: (lab) => this.#begin(lab),
      },
      {
        name: 'rounds',
        title: 'Store on the first, read on the second',
        explains: 'Event, commit, invalidation, new number: the time from the receipt until the second server knows.',
        run: (lab) => this.#rounds(lab),
      },
      {
        name: 'burst',
        title: 'Read while commits stream in',
        explains:
          'Every answer of the second server has to hold all that was acknowledged a second before it was asked.',
        run: (lab) => this.#burst(lab),
      },
    ];
  }

  checks(): LabCheck[] {
    const stored = this.#acknowledged.at(-1)?.events ?? Number.NaN;
    return [
      atMost('commits the second server did not see', this.#unseen, 0),
      atMost('slowest commit to be seen', Math.max(...this.#seenMs), SEEN_WITHIN_MS, ' ms'),
      atLeast('answers while commits streamed in', this.#reads, 1),
      atMost('answers more than a second behind', this.#behind, 0),
      atMost('answers with events nobody sent', this.#ahead, 0),
      atMost('servers whose last number is wrong', this.#final.filter((events) => events !== stored).length, 0),
    ];
  }

  async #begin({ client }: Lab): Promise<LabFigure[]> {
    const first = await client.summarize({ ...this.#question, fresh: true }, { server: 1 });
    if (first.status === 'refused') throw new Error(`the second server refused with ${first.code}`);
    const { events } = first.data.totals;
    this.#sent = events;
    this.#acknowledged.push({ at: performance.now(), events });
    await client.summarize(this.#question, { server: 1 });
    return [{ name: 'events', value: events, unit: 'count' }];
  }

  async #rounds(lab: Lab): Promise<LabFigure[]> {
    for (let round = 0; round < ROUNDS && this.#unseen < ENOUGH_UNSEEN && !lab.signal.aborted; round++) {
      await this.#store(lab, 1 + (round % 5));
      const storedAt = performance.now();
      const expected = this.#acknowledged.at(-1)?.events ?? 0;
      let seen = 0;
      while (seen < expected && performance.now() - storedAt < GIVE_UP_MS && !lab.signal.aborted) {
        seen = await this.#read(lab);
        if (seen < expected) await pause(POLL_MS);
      }
      if (seen < expected) this.#unseen += 1;
      this.#seenMs.push(performance.now() - storedAt);
    }
    return [{ name: 'slowest commit seen within', value: Math.round(Math.max(...this.#seenMs)), unit: 'ms' }];
  }

  async #burst(lab: Lab): Promise<LabFigure[]> {
    const until = performance.now() + (lab.phaseSeconds ?? BURST_SECONDS) * 1_000;
    const isOver = () => performance.now() > until || lab.signal.aborted;
    const write = async () => {
      while (!isOver()) await this.#store(lab, BURST_EVENTS);
    };
    const read = async () => {
      while (!isOver()) {
        const askedAt = performance.now();
        const events = await this.#read(lab);
        this.#reads += 1;
        this.#behind += Number(events < this.#acknowledgedBy(askedAt - BEHIND_MS));
        this.#ahead += Number(events > this.#sent);
      }
    };
    await Promise.all([write(), read(), read()]);
    this.#final = await Promise.all(([0, 1] as const).map((server) => this.#readFresh(lab, server)));
    return [{ name: 'events', value: this.#acknowledged.at(-1)?.events ?? 0, unit: 'count' }];
  }

  async #store(lab: Lab, count: number): Promise<void> {
    const now = Date.now();
    const fromMs = Date.parse(this.#question.from);
    this.#sent += count;
    const accepted = await storeLabEvents(lab, makeLabEvents(count, { fromMs, toMs: now }));
    const before = this.#acknowledged.at(-1)?.events ?? 0;
    this.#acknowledged.push({ at: performance.now(), events: before + accepted });
  }

  async #read({ client, recorder }: Lab): Promise<number> {
    const called = await client.summarize(this.#question, { server: 1 });
    recorder.record(called.status === 'answered' ? called.data.meta.cache.status : called.code, called.tookMs);
    return called.status === 'answered' ? called.data.totals.events : 0;
  }

  async #readFresh({ client }: Lab, server: 0 | 1): Promise<number> {
    const called = await client.summarize({ ...this.#question, fresh: true }, { server });
    return called.status === 'answered' ? called.data.totals.events : Number.NaN;
  }

  #acknowledgedBy(at: number): number {
    return this.#acknowledged.findLast((each) => each.at <= at)?.events ?? 0;
  }
}
