import type { Tidemark, TidemarkError } from '@tidemark/client';
import type { Summary, SummaryInput } from '@tidemark/schemas';
import { getContext, setContext } from 'svelte';
import { addLateEvents, type LateEvents, NO_LATE_EVENTS } from '../charts/late-events.ts';
import { openStream } from './connect.ts';
import { LiveConnection, type LiveStatus } from './live-connection.svelte.ts';
import { Turns } from './turns.ts';

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

/** An answer of the stream, and the one that the page was made with and that it supersedes. */
type Newer = { readonly than: Summary | null; readonly summary: Summary };

/**
 * A page's summaries kept current over one stream, for every panel. The parts of the page take a newer one over one
 * after the other, each in a task of its own: drawn at once they would keep a key or a click waiting.
 */
export class LiveSummary {
  readonly #asked: () => Asked;
  readonly #connection: LiveConnection<unknown>;
  readonly #turns = new Turns();
  #newer = $state.raw<Newer>();
  #charted = $state.raw<Newer & { late: LateEvents }>();
  #listed = $state.raw<Newer>();
  #other = $state.raw<Newer>();
  #changes = $state(0);
  #late: { readonly than: Summary | null; readonly events: LateEvents } | undefined;

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
              if (key === OTHER) this.#receiveOther(output, other?.answer ?? null);
              else this.#receive(output, answer);
              handlers.onData(message);
            },
          },
        );
      return openStream(tidemark, open, handlers.onError);
    });
  }

  /** The newest answer. */
  get summary(): Summary | null {
    return toShown(this.#newer, this.#asked().answer);
  }

  /** The same for the chart. */
  get charted(): Summary | null {
    return toShown(this.#charted, this.#asked().answer);
  }

  /** The same for the list beside the chart. */
  get listed(): Summary | null {
    return toShown(this.#listed, this.#asked().answer);
  }

  get other(): Summary | null {
    return toShown(this.#other, this.#asked().other?.answer ?? null);
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

  /** What came late while one looked, as the chart shows it. */
  get late(): LateEvents {
    return this.#charted?.than === this.#asked().answer ? this.#charted.late : NO_LATE_EVENTS;
  }

  /** Watches until it is left; call it in an effect, so that another question makes another stream. */
  watch(): () => void {
    const leave = this.#connection.watch();
    return () => {
      leave();
      this.#turns.leave();
    };
  }

  #receive(summary: Summary, than: Summary | null): void {
    if (this.summary !== null && !isSameCount(this.summary, summary)) this.#changes += 1;
    const known = this.#late?.than === than ? this.#late.events : NO_LATE_EVENTS;
    const late = addLateEvents(known, this.summary, summary);
    this.#late = { than, events: late };
    this.#newer = { than, summary };
    this.#turns.take('chart', () => {
      this.#charted = { than, summary, late };
    });
    this.#turns.take('list', () => {
      this.#listed = { than, summary };
    });
  }

  #receiveOther(summary: Summary, than: Summary | null): void {
    this.#turns.take('other', () => {
      this.#other = { than, summary };
    });
  }
}

function toShown(newer: Newer | undefined, answer: Summary | null): Summary | null {
  return newer !== undefined && newer.than === answer ? newer.summary : answer;
}

function isSameCount(a: Summary, b: Summary): boolean {
  return a.totals.events === b.totals.events && a.totals.users === b.totals.users;
}

const KEY = Symbol('live summary');

export const setLiveSummary = (live: LiveSummary): LiveSummary => setContext(KEY, live);
export const getLiveSummary = (): LiveSummary => getContext(KEY);
