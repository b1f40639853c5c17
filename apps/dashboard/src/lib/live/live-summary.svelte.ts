import type { Tidemark, TidemarkError } from '@tidemark/client';
import type { Summary, SummaryInput } from '@tidemark/schemas';
import { getContext, setContext } from 'svelte';
import { addLateEvents, type LateEvents, NO_LATE_EVENTS } from '../charts/late-events.ts';
import { openStream } from './connect.ts';
import { LiveConnection, type LiveStatus } from './live-connection.svelte.ts';

/** What the page asks and what it was answered when it was made; the stream carries on from there. */
export type Asked = {
  readonly tidemark: Promise<Tidemark>;
  readonly question: SummaryInput;
  readonly answer: Summary | null;
  /** The same by its other dimension, over the same stream; undefined: the page shows one alone. */
  readonly other?: { readonly question: SummaryInput; readonly answer: Summary | null };
};

/** The names of the questions on the stream. */
const CHOSEN = 'chosen';
const OTHER = 'other';

/** A page's summaries kept current over one stream, for every panel. */
export class LiveSummary {
  readonly #asked: () => Asked;
  readonly #connection: LiveConnection<unknown>;
  /** The last message of the stream, and the answer that it supersedes. */
  #newer = $state.raw<{ than: Summary | null; summary: Summary }>();
  #newerOther = $state.raw<{ than: Summary | null; summary: Summary }>();
  #changes = $state(0);
  #late = $state.raw<{ than: Summary | null; events: LateEvents }>();

  constructor(asked: () => Asked) {
    this.#asked = asked;
    this.#connection = new LiveConnection((handlers) => {
      const { tidemark, question, answer, other } = asked();
      const open = (client: Tidemark) =>
        client.analytics.watchMany.subscribe(
          {
            queries: [
              { key: CHOSEN, input: question },
              ...(other === undefined ? [] : [{ key: OTHER, input: other.question }]),
            ],
          },
          {
            ...handlers,
            onData: (message) => {
              const { key, output } = message.data;
              if (key === OTHER) this.#newerOther = { than: other?.answer ?? null, summary: output };
              else this.#receive(output, answer);
              handlers.onData(message);
            },
          },
        );
      return openStream(tidemark, open, handlers.onError);
    });
  }

  get summary(): Summary | null {
    const { answer } = this.#asked();
    return this.#newer !== undefined && this.#newer.than === answer ? this.#newer.summary : answer;
  }

  get other(): Summary | null {
    const answer = this.#asked().other?.answer ?? null;
    return this.#newerOther !== undefined && this.#newerOther.than === answer ? this.#newerOther.summary : answer;
  }

  get status(): LiveStatus {
    return this.#connection.status;
  }

  /** Why the stream stopped. */
  get refusal(): TidemarkError | undefined {
    return this.#connection.refusal;
  }

  /** When the stream last spoke, on this machine's clock. */
  get receivedAt(): number | undefined {
    return this.#connection.receivedAt;
  }

  /** Grows with every message that brought another number; what it is keyed on may glow. */
  get changes(): number {
    return this.#changes;
  }

  /** What came late while one looked. */
  get late(): LateEvents {
    return this.#late !== undefined && this.#late.than === this.#asked().answer ? this.#late.events : NO_LATE_EVENTS;
  }

  /** Watches until it is left; call it in an effect, so that another question makes another stream. */
  watch(): () => void {
    return this.#connection.watch();
  }

  #receive(summary: Summary, than: Summary | null): void {
    if (this.summary !== null && !isSameCount(this.summary, summary)) this.#changes += 1;
    this.#late = { than, events: addLateEvents(this.late, this.summary, summary) };
    this.#newer = { than, summary };
  }
}

function isSameCount(a: Summary, b: Summary): boolean {
  return a.totals.events === b.totals.events && a.totals.users === b.totals.users;
}

const KEY = Symbol('live summary');

export const setLiveSummary = (live: LiveSummary): LiveSummary => setContext(KEY, live);
export const getLiveSummary = (): LiveSummary => getContext(KEY);
