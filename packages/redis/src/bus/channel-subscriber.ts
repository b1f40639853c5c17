import type { Redis } from 'ioredis';

export type ChannelEvents = {
  message(text: string): void;
  /** Every wanted channel is subscribed; after a gap, messages may have been missed. */
  live(after: 'start' | 'gap'): void;
};

/**
 * Keeps one connection subscribed to the channels that are wanted, whatever happens to it:
 *
 *   away ── ready, then all channels confirmed ──▶ live ── connection closed ──▶ away
 *
 * A SUBSCRIBE that fails on a ready connection drops the connection, so that all begin anew.
 */
export class ChannelSubscriber {
  readonly #redis: Redis;
  readonly #events: ChannelEvents;
  /** Wanted channels, each with the confirmation it waits for. */
  readonly #channels = new Map<string, Promise<void>>();
  /** Settled by the first connection, or by its failure. */
  readonly #opened = Promise.withResolvers<void>();
  #hasGap = false;
  #isLive = false;

  constructor(redis: Redis, events: ChannelEvents) {
    this.#redis = redis;
    this.#events = events;
    redis.on('message', (_channel, text) => events.message(text));
    redis.on('ready', () => void this.#subscribeAll());
    redis.on('close', () => this.#lose());
  }

  get isLive(): boolean {
    return this.#isLive;
  }

  /** Resolves when the channel's messages arrive; at once while the connection is away. */
  want(channel: string): Promise<void> {
    const confirmed = this.#channels.get(channel) ?? this.#subscribe([channel]);
    this.#channels.set(channel, confirmed);
    return Promise.all([confirmed, this.#opened.promise]).then(() => this.#channels.get(channel));
  }

  unwant(channel: string): void {
    this.#channels.delete(channel);
    if (this.#redis.status === 'ready') this.#redis.unsubscribe(channel).catch(() => this.#restart());
  }

  async #subscribeAll(): Promise<void> {
    const channels = [...this.#channels.keys()];
    const confirmed = this.#subscribe(channels);
    for (const channel of channels) this.#channels.set(channel, confirmed);
    await confirmed;
    if (this.#redis.status !== 'ready') return;
    this.#isLive = true;
    this.#events.live(this.#hasGap ? 'gap' : 'start');
    this.#hasGap = false;
    this.#opened.resolve();
  }

  async #subscribe(channels: string[]): Promise<void> {
    if (channels.length === 0 || this.#redis.status !== 'ready') return;
    try {
      await this.#redis.subscribe(...channels);
    } catch {
      this.#restart();
    }
  }

  #restart(): void {
    if (this.#redis.status === 'ready') this.#redis.disconnect(true);
  }

  #lose(): void {
    this.#isLive = false;
    this.#hasGap = true;
    this.#opened.resolve();
  }
}
