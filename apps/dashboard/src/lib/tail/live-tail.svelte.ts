import type { Tidemark, TidemarkError } from '@tidemark/client';
import type { Event, ListEventsInput, TailMessage } from '@tidemark/schemas';
import { openStream } from '../live/connect.ts';
import { LiveConnection, type LiveStatus } from '../live/live-connection.svelte.ts';
import {
  arrive,
  forget,
  hold,
  lose,
  resume,
  type TailCounts,
  type TailState,
  toRows,
  toTailState,
} from './tail-state.ts';

type Asked = {
  readonly tidemark: Promise<Tidemark>;
  /** Which events: the same of the log and of the tail. */
  readonly question: ListEventsInput;
  /** What the log held when the page was made, newest first. */
  readonly events: readonly Event[];
  readonly maxPerSecond: number;
};

/** How often the list changes at most: an eye reads no faster. */
const GATHER_MS = 400;
/** Long enough for a rate that stands still while one reads it. */
const TALLY_MS = 5_000;

/** What came in the last whole span of five seconds. */
export type TailTally = TailCounts & { readonly perSecond: number };

/** The tail of a page: over drops and hidden tabs it goes on behind the last event that it was sent. */
export class LiveTail {
  readonly #asked: Asked;
  readonly #connection: LiveConnection<unknown>;
  #state = $state.raw<TailState>(toTailState([]));
  readonly #rows = $derived(toRows(this.#state));
  #tally = $state.raw<TailTally>();
  #tallied: TailCounts = { all: 0, shown: 0 };
  #lastEventId: string | undefined;
  #gathered: TailMessage[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(asked: Asked) {
    this.#asked = asked;
    this.#state = toTailState(asked.events);
    this.#connection = new LiveConnection((handlers) => {
      const { limit: _, ...filters } = asked.question;
      if (this.#lastEventId !== undefined) this.#state = lose(this.#state);
      const open = (client: Tidemark) =>
        client.events.tail.subscribe(
          { ...filters, maxPerSecond: asked.maxPerSecond, lastEventId: this.#lastEventId },
          {
            ...handlers,
            onData: (message) => {
              handlers.onData(message);
              if (this.#lastEventId === undefined) void this.#fillIn();
              this.#lastEventId = message.id;
              this.#gathered.push(message.data);
              this.#timer ??= setTimeout(() => this.#flush(), GATHER_MS);
            },
            onConnectionStateChange: (change) => {
              handlers.onConnectionStateChange(change);
              if (change.state === 'connecting' && change.error !== null) this.#state = lose(this.#state);
            },
          },
        );
      return openStream(asked.tidemark, open, handlers.onError);
    });
  }

  get state(): TailState {
    return this.#state;
  }

  /** How many events a second are shown at most. */
  get maxPerSecond(): number {
    return this.#asked.maxPerSecond;
  }

  /** Newest first. */
  get rows(): readonly Event[] {
    return this.#rows;
  }

  /** Undefined: no five seconds are over. */
  get tally(): TailTally | undefined {
    return this.#tally;
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

  hold(): void {
    this.#state = hold(this.#state);
  }

  resume(): void {
    this.#state = resume(this.#state);
  }

  /** Follows until it is left; call it in an effect. */
  watch(): () => void {
    const leave = this.#connection.watch();
    const timer = setInterval(() => this.#count(), TALLY_MS);
    return () => {
      leave();
      clearInterval(timer);
      clearTimeout(this.#timer);
    };
  }

  #flush(): void {
    this.#timer = undefined;
    const gathered = this.#gathered;
    this.#gathered = [];
    this.#state = arrive(this.#state, gathered, Date.now());
  }

  #count(): void {
    const { all, shown } = this.#state.total;
    const since = { all: all - this.#tallied.all, shown: shown - this.#tallied.shown };
    this.#tally = { ...since, perSecond: since.all / (TALLY_MS / 1_000) };
    this.#tallied = { all, shown };
    this.#state = forget(this.#state, Date.now());
  }

  /** Between the page's own list and the stream's begin events may have come: the stream is open, so list again. */
  async #fillIn(): Promise<void> {
    const { tidemark, question } = this.#asked;
    try {
      const { items } = await (await tidemark).events.list.query(question);
      this.#state = { ...this.#state, listed: items };
    } catch {
      // The stream goes on; a few rows before its begin are missing, as they are in the log behind them.
    }
  }
}
