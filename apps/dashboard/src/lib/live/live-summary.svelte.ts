import { type Tidemark, type TidemarkError, toTidemarkError } from '@tidemark/client';
import type { Summary, SummaryInput } from '@tidemark/schemas';
import { getContext, setContext } from 'svelte';
import { on } from 'svelte/events';

/**
 * connecting → live ⇄ reconnecting → offline (gone for long, or the machine has no network) → live;
 * from any of them → stopped, when the API refuses for good. Hidden tabs are `paused` and hold no stream.
 */
export type LiveStatus = 'connecting' | 'live' | 'reconnecting' | 'offline' | 'paused' | 'stopped';

/** What the page asks and what it was answered when it was made; the stream carries on from there. */
export type Asked = {
  readonly tidemark: Tidemark;
  readonly question: SummaryInput;
  readonly answer: Summary | null;
};

/** Reconnecting for longer than this is called offline: the numbers on screen are old by then. */
const OFFLINE_AFTER_MS = 15_000;

/** One summary kept current over one stream, for every panel of a page. */
export class LiveSummary {
  readonly #asked: () => Asked;
  /** The last message of the stream, and the answer that it supersedes. */
  #newer = $state.raw<{ than: Summary | null; summary: Summary }>();
  #status = $state<LiveStatus>('connecting');
  #refusal = $state.raw<TidemarkError>();
  #receivedAt = $state<number>();
  #changes = $state(0);

  constructor(asked: () => Asked) {
    this.#asked = asked;
  }

  get summary(): Summary | null {
    const { answer } = this.#asked();
    return this.#newer !== undefined && this.#newer.than === answer ? this.#newer.summary : answer;
  }

  get status(): LiveStatus {
    return this.#status;
  }

  /** Why the stream stopped. */
  get refusal(): TidemarkError | undefined {
    return this.#refusal;
  }

  /** When the stream last spoke, on this machine's clock. */
  get receivedAt(): number | undefined {
    return this.#receivedAt;
  }

  /** Grows with every message that brought another number; what it is keyed on may glow. */
  get changes(): number {
    return this.#changes;
  }

  /** Watches until it is left; call it in an effect, so that another question makes another stream. */
  watch(): () => void {
    let leave = this.#open();
    const show = () => {
      leave();
      leave = document.visibilityState === 'visible' ? this.#open() : this.#pause();
    };
    const listeners = [
      on(document, 'visibilitychange', show),
      on(window, 'offline', () => this.#turn('offline')),
      on(window, 'online', show),
    ];
    return () => {
      for (const unlisten of listeners) unlisten();
      leave();
    };
  }

  #open(): () => void {
    const { tidemark, question, answer } = this.#asked();
    let timer: ReturnType<typeof setTimeout> | undefined;
    this.#status = 'connecting';
    this.#refusal = undefined;
    const stream = tidemark.analytics.watch.subscribe(question, {
      onData: ({ data }) => {
        this.#receive(data, answer);
        clearTimeout(timer);
        timer = undefined;
      },
      onConnectionStateChange: ({ state, error }) => {
        if (state === 'connecting' && error !== null) {
          this.#turn('reconnecting');
          timer ??= setTimeout(() => this.#turn('offline'), OFFLINE_AFTER_MS);
        }
      },
      onError: (error) => {
        clearTimeout(timer);
        this.#refusal = toTidemarkError(error);
        this.#status = 'stopped';
      },
    });
    return () => {
      clearTimeout(timer);
      stream.unsubscribe();
    };
  }

  #pause(): () => void {
    this.#status = 'paused';
    return () => {};
  }

  #receive(summary: Summary, than: Summary | null): void {
    if (this.summary !== null && !isSameCount(this.summary, summary)) this.#changes += 1;
    this.#newer = { than, summary };
    this.#receivedAt = Date.now();
    this.#status = 'live';
  }

  #turn(status: 'reconnecting' | 'offline'): void {
    if (this.#status === 'offline' || this.#status === 'stopped') return;
    this.#status = status;
  }
}

function isSameCount(a: Summary, b: Summary): boolean {
  return a.totals.events === b.totals.events && a.totals.users === b.totals.users;
}

const KEY = Symbol('live summary');

export const setLiveSummary = (live: LiveSummary): LiveSummary => setContext(KEY, live);
export const getLiveSummary = (): LiveSummary => getContext(KEY);
