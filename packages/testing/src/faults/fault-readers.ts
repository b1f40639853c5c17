import { setTimeout as delay } from 'node:timers/promises';
import { breakdownSchema, eventPageSchema, type Meta, summarySchema } from '@tidemark/schemas';
import { type Asked, askOnce } from './ask-once.ts';
import type { WatchedLedger } from './watched-ledger.ts';

/** Between two questions of a reader: many ask, and the machine has to do something besides. */
const PAUSE_MS = 25;
/** Everyone reads what was acknowledged a second ago; a fresh answer holds what was acknowledged as it was asked. */
const BEHIND_MS = 1_000;
/** What a reader may be told while things break. */
const HONEST = new Set(['unavailable', 'overloaded', 'timed_out', 'rate_limited']);

export const READS = ['kept', 'fresh', 'breakdown', 'list'] as const;
export type Read = (typeof READS)[number];

export type ReaderOptions = {
  readonly urls: readonly string[];
  readonly key: string;
  readonly ledger: WatchedLedger;
  readonly range: { readonly from: string; readonly to: string };
  /** The longest a reader waits for an answer or a refusal. */
  readonly deadlineMs: number;
};

type Counts = {
  answered: number;
  stale: number;
  refused: number;
  cut: number;
  unansweredKept: number;
  slowestMs: number;
};

export type ReaderTally = Readonly<Counts> & {
  /** The longest time without an answer to each kind of question, over the whole fleet. */
  readonly longestSilenceMs: ReadonlyMap<Read, number>;
};

/**
 * Readers as a fleet's clients are: each asks the same kind of question over and over, turns to the next server when
 * one does not answer, and holds every number against the senders' book.
 */
export class FaultReaders implements AsyncDisposable {
  readonly #options: ReaderOptions;
  readonly #ending = new AbortController();
  readonly #flaws = new Map<string, { example: string; times: number }>();
  readonly #answeredAt = new Map<Read, number>();
  readonly #longestSilence = new Map<Read, number>();
  readonly #running: Promise<unknown>;
  #tally = newTally();
  #round = 0;

  constructor(options: ReaderOptions) {
    this.#options = options;
    for (const read of READS) this.#answeredAt.set(read, performance.now());
    const readers = READS.flatMap((read) => options.urls.map((_, place) => this.#keepReading(read, place)));
    this.#running = Promise.all(readers).catch((error: unknown) => this.#enterFlaw('a reader failed', String(error)));
  }

  /** What was wrong since this was last asked: numbers that the book refutes, refusals that say nothing, deadlines missed. */
  takeFlaws(): string[] {
    const flaws = [...this.#flaws].map(([what, { example, times }]) => `${what}, ${times} times, such as ${example}`);
    this.#flaws.clear();
    return flaws;
  }

  /** How often since the last `take` a question whose answer is kept was not answered. */
  get unansweredKept(): number {
    return this.#tally.unansweredKept;
  }

  /** What became of the questions since this was last asked. */
  take(): ReaderTally {
    const now = performance.now();
    const longestSilenceMs = new Map(
      READS.map((read) => [
        read,
        Math.max(this.#longestSilence.get(read) ?? 0, now - (this.#answeredAt.get(read) ?? now)),
      ]),
    );
    this.#longestSilence.clear();
    for (const read of READS) this.#answeredAt.set(read, now);
    const tally = this.#tally;
    this.#tally = newTally();
    return { ...tally, longestSilenceMs };
  }

  /** Spreads the readers over the servers again: those that had to turn to another one stay there by themselves. */
  spread(): void {
    this.#round += 1;
  }

  /** One exact, fresh answer of a server. */
  async isAnswering(url: string): Promise<boolean> {
    const asked = await this.#ask('fresh', url);
    return asked.type === 'answered';
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending.abort();
    await this.#running;
  }

  async #keepReading(read: Read, home: number): Promise<void> {
    const { urls } = this.#options;
    let round = this.#round;
    for (let place = home; !this.#ending.signal.aborted; ) {
      if (round !== this.#round) [round, place] = [this.#round, home];
      const asked = await this.#ask(read, urls[place % urls.length] ?? '');
      if (asked.type === 'answered') this.#enterAnswer(read);
      else {
        place += 1;
        this.#tally[asked.type === 'refused' ? 'refused' : 'cut'] += 1;
        this.#tally.unansweredKept += Number(read === 'kept');
      }
      await delay(PAUSE_MS);
    }
  }

  #enterAnswer(read: Read): void {
    const now = performance.now();
    const silence = now - (this.#answeredAt.get(read) ?? now);
    this.#longestSilence.set(read, Math.max(this.#longestSilence.get(read) ?? 0, silence));
    this.#answeredAt.set(read, now);
    this.#tally.answered += 1;
  }

  #enterFlaw(what: string, example: string): void {
    const known = this.#flaws.get(what);
    if (known === undefined) this.#flaws.set(what, { example, times: 1 });
    else known.times += 1;
  }

  async #ask(read: Read, url: string): Promise<Asked> {
    const { key, ledger, range, deadlineMs } = this.#options;
    const askedAt = performance.now();
    const { procedure, input } = toQuestion(read, range);
    const asked = await askOnce({ url, key }, procedure, { input, deadlineMs });
    this.#tally.slowestMs = Math.max(this.#tally.slowestMs, performance.now() - askedAt);
    if (asked.type === 'late') this.#enterFlaw(`${read}: neither answer nor refusal in time`, `after ${deadlineMs} ms`);
    if (asked.type === 'refused' && !HONEST.has(asked.refusal.code)) {
      this.#enterFlaw(`${read}: refused with ${asked.refusal.code}`, asked.refusal.reason);
    }
    if (asked.type === 'answered' && read !== 'list') {
      const { events, meta } = toCount(read, asked.data);
      if (meta.cache.status === 'stale') this.#tally.stale += 1;
      const least = meta.exact ? ledger.acknowledgedBy(read === 'fresh' ? askedAt : askedAt - BEHIND_MS) : 0;
      if (events < least || events > ledger.sent) {
        this.#enterFlaw(
          `${read}: a number that the book refutes`,
          `${events} events where ${least} were acknowledged and ${ledger.sent} sent: ${JSON.stringify(meta)}`,
        );
      }
    }
    if (asked.type === 'answered' && read === 'list') eventPageSchema.parse(asked.data);
    return asked;
  }
}

function newTally(): Counts {
  return { answered: 0, stale: 0, refused: 0, cut: 0, unansweredKept: 0, slowestMs: 0 };
}

function toQuestion(read: Read, range: ReaderOptions['range']): { procedure: string; input: object } {
  if (read === 'list') return { procedure: 'events.list', input: { limit: 50 } };
  if (read === 'breakdown') return { procedure: 'analytics.breakdown', input: { ...range, by: 'device' } };
  const input = { ...range, interval: 'month', groupBy: 'type', ...(read === 'fresh' && { fresh: true }) };
  return { procedure: 'analytics.summary', input };
}

function toCount(read: Read, data: unknown): { events: number; meta: Meta } {
  if (read !== 'breakdown') {
    const { totals, meta } = summarySchema.parse(data);
    return { events: totals.events, meta };
  }
  const { rows, other, meta } = breakdownSchema.parse(data);
  return { events: rows.reduce((sum, { events }) => sum + events, other.events), meta };
}
