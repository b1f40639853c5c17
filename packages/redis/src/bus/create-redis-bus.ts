import { randomUUID } from 'node:crypto';
import type { CommitNotice } from '@tidemark/schemas';
import type { Redis } from 'ioredis';
import { connectRedis } from '../connect-redis.ts';
import { startHeartbeat } from '../heartbeat.ts';
import type { Bus, ConnectionState, Listener, Subscription } from './bus.ts';
import { ChannelSubscriber } from './channel-subscriber.ts';
import { parseMessage, toChannel } from './envelope.ts';
import { NoticePublisher } from './notice-publisher.ts';
import { TenantListeners } from './tenant-listeners.ts';

export type RedisBusOptions = {
  /** `redis://` or `rediss://`; of a cluster any node's, since plain channels reach all of them. */
  readonly url: string;
  /** Told of listeners that threw and of messages that are none of ours. */
  readonly onError?: (error: unknown) => void;
  /** Told when Redis is lost, with the reason, and when it is back. */
  readonly onStateChange?: (state: ConnectionState, reason: Error | undefined) => void;
};

/**
 * The bus of servers that share a Redis. It opens at once; while Redis is away it serves its own process.
 * Own notices are delivered directly and their echo is dropped. One connection is subscribed for everyone
 * here, and a channel is left with its last listener only.
 */
export function createRedisBus(options: RedisBusOptions): Bus {
  return new RedisBus(options);
}

class RedisBus implements Bus {
  readonly #sender = randomUUID();
  readonly #options: RedisBusOptions;
  readonly #subscribing: Redis;
  readonly #publishing: Redis;
  readonly #subscriber: ChannelSubscriber;
  readonly #publisher: NoticePublisher;
  readonly #listeners: TenantListeners;
  readonly #reconnectListeners = new Set<{ readonly listener: () => void }>();
  readonly #stopHeartbeats: readonly (() => void)[];
  /** Only changes are told, and a first success is none. */
  #reported: ConnectionState = 'connected';
  #reason: Error | undefined;
  #isOpen = true;

  constructor(options: RedisBusOptions) {
    this.#options = options;
    this.#listeners = new TenantListeners((error) => options.onError?.(error));
    this.#subscribing = this.#connect('bus-subscriber');
    this.#publishing = this.#connect('bus-publisher');
    this.#stopHeartbeats = [startHeartbeat(this.#subscribing), startHeartbeat(this.#publishing)];
    this.#publisher = new NoticePublisher(this.#publishing, this.#sender);
    this.#subscriber = new ChannelSubscriber(this.#subscribing, {
      message: (text) => this.#receive(text),
      live: (after) => {
        this.#reportReturn();
        if (after === 'gap') this.#tellReconnected();
      },
    });
  }

  get connectionState(): ConnectionState {
    return this.#subscriber.isLive && this.#publishing.status === 'ready' ? 'connected' : 'reconnecting';
  }

  publish(notice: CommitNotice): void {
    if (!this.#isOpen) return;
    this.#listeners.deliver(notice);
    this.#publisher.publish(notice);
  }

  subscribe(tenantId: string, listener: Listener): Subscription {
    if (!this.#isOpen) return { ready: Promise.resolve(), unsubscribe: () => {} };
    const leave = this.#listeners.add(tenantId, listener);
    const unsubscribe = () => {
      if (leave() && !this.#listeners.has(tenantId)) this.#subscriber.unwant(toChannel(tenantId));
    };
    return { ready: this.#subscriber.want(toChannel(tenantId)), unsubscribe };
  }

  onReconnect(listener: () => void): { unsubscribe(): void } {
    const entry = { listener };
    this.#reconnectListeners.add(entry);
    return { unsubscribe: () => void this.#reconnectListeners.delete(entry) };
  }

  async close(): Promise<void> {
    this.#isOpen = false;
    this.#listeners.clear();
    this.#reconnectListeners.clear();
    for (const stop of this.#stopHeartbeats) stop();
    // QUIT lets what was published go out; without Redis it is refused at once.
    const connections = [this.#subscribing, this.#publishing];
    await Promise.allSettled(connections.map((connection) => connection.quit()));
    for (const connection of connections) connection.disconnect();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #connect(name: string): Redis {
    const connection = connectRedis(this.#options.url, name);
    connection.on('error', (error: Error) => {
      this.#reason = error;
    });
    connection.on('ready', () => this.#reportReturn());
    connection.on('close', () => this.#reportLoss());
    return connection;
  }

  #receive(text: string): void {
    try {
      const { sender, notice } = parseMessage(text);
      if (sender !== this.#sender) this.#listeners.deliver(notice);
    } catch (error) {
      this.#options.onError?.(error);
    }
  }

  #reportLoss(): void {
    if (!this.#isOpen || this.#reported === 'reconnecting') return;
    this.#reported = 'reconnecting';
    this.#options.onStateChange?.('reconnecting', this.#reason);
  }

  #reportReturn(): void {
    if (this.connectionState !== 'connected' || this.#reported === 'connected') return;
    this.#reported = 'connected';
    this.#options.onStateChange?.('connected', undefined);
  }

  #tellReconnected(): void {
    for (const { listener } of Array.from(this.#reconnectListeners)) {
      try {
        listener();
      } catch (error) {
        this.#options.onError?.(error);
      }
    }
  }
}
