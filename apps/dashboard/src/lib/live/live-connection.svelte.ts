import type { TidemarkError } from '@tidemark/client';
import { on } from 'svelte/events';
import { toFailure } from './connect.ts';

/**
 * connecting → live ⇄ reconnecting → offline (gone for long, or the machine has no network) → live;
 * from any of them → stopped, when the API refuses for good. Hidden tabs are `paused` and hold no stream.
 */
export type LiveStatus = 'connecting' | 'live' | 'reconnecting' | 'offline' | 'paused' | 'stopped';

/** What a subscription of the client tells. */
type Handlers<Message> = {
  readonly onData: (message: Message) => void;
  readonly onConnectionStateChange: (change: { state: string; error: unknown }) => void;
  readonly onError: (error: unknown) => void;
};

/** Opens the stream; called anew when a hidden tab is seen again. */
type Subscribe<Message> = (handlers: Handlers<Message>) => { unsubscribe(): void };

/** Reconnecting for longer than this is called offline: what is on screen is old by then. */
const OFFLINE_AFTER_MS = 15_000;

/** One stream, and how it does; the client reconnects, this says so. Hidden tabs hold none. */
export class LiveConnection<Message> {
  readonly #subscribe: Subscribe<Message>;
  #status = $state<LiveStatus>('connecting');
  #refusal = $state.raw<TidemarkError>();
  #receivedAt = $state<number>();

  constructor(subscribe: Subscribe<Message>) {
    this.#subscribe = subscribe;
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

  /** Holds the stream until it is left; call it in an effect. */
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
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isLeft = false;
    this.#status = 'connecting';
    this.#refusal = undefined;
    const stream = this.#subscribe({
      onData: () => {
        this.#receivedAt = Date.now();
        this.#status = 'live';
        clearTimeout(timer);
        timer = undefined;
      },
      onConnectionStateChange: ({ state, error }) => {
        if (state !== 'connecting' || error === null) return;
        this.#turn('reconnecting');
        timer ??= setTimeout(() => this.#turn('offline'), OFFLINE_AFTER_MS);
      },
      onError: (error) => {
        clearTimeout(timer);
        this.#status = 'stopped';
        void toFailure(error).then((refusal) => {
          if (!isLeft) this.#refusal = refusal;
        });
      },
    });
    return () => {
      isLeft = true;
      clearTimeout(timer);
      stream.unsubscribe();
    };
  }

  #pause(): () => void {
    this.#status = 'paused';
    return () => {};
  }

  #turn(status: 'reconnecting' | 'offline'): void {
    if (this.#status === 'offline' || this.#status === 'stopped') return;
    this.#status = status;
  }
}
