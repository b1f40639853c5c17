import { randomUUID } from 'node:crypto';
import type { CommitNotice, ControlNotice } from '@tidemark/schemas';
import type { Redis } from 'ioredis';
import { closeConnections, connectNode } from '../connect-redis.ts';
import { ConnectionReporter } from '../connection-reporter.ts';
import { Heartbeat } from '../heartbeat.ts';
import { parseRedisUrl } from '../redis-address.ts';
import type { Bus, ConnectionState, Listener, Subscription } from './bus.ts';
import { ChannelSubscriber } from './channel-subscriber.ts';
import { CONTROL_CHANNEL, parseMessage, toChannel } from './envelope.ts';
import { Listeners } from './listeners.ts';
import { NoticePublisher } from './notice-publisher.ts';
import { TenantListeners } from './tenant-listeners.ts';

export type RedisBusOptions = {
  /** As `parseRedisUrl` reads it. */
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
  readonly #controls: Listeners<ControlNotice>;
  readonly #controlled: Promise<void>;
  readonly #reconnectListeners: Listeners<void>;
  readonly #heartbeats: readonly Heartbeat[];
  readonly #reporter: ConnectionReporter;
  #isOpen = true;

  constructor(options: RedisBusOptions) {
    this.#options = options;
    const onError = (error: unknown) => options.onError?.(error);
    this.#listeners = new TenantListeners(onError);
    this.#controls = new Listeners(onError);
    this.#reconnectListeners = new Listeners(onError);
    const address = parseRedisUrl(options.url);
    this.#subscribing = connectNode(address, 'bus-subscriber');
    this.#publishing = connectNode(address, 'bus-publisher');
    const connections = [this.#subscribing, this.#publishing];
    this.#heartbeats = connections.map((connection) => new Heartbeat(connection));
    this.#reporter = new ConnectionReporter({
      isConnected: () => this.connectionState === 'connected',
      onStateChange: options.onStateChange,
    });
    for (const connection of connections) this.#reporter.watch(connection);
    this.#publisher = new NoticePublisher(this.#publishing, this.#sender);
    this.#subscriber = new ChannelSubscriber(this.#subscribing, {
      message: (text) => this.#receive(text),
      live: (after) => {
        this.#reporter.reportReturn();
        if (after === 'gap') this.#reconnectListeners.deliver();
      },
    });
    this.#controlled = this.#subscriber.want(CONTROL_CHANNEL);
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
    return { unsubscribe: this.#reconnectListeners.add(listener) };
  }

  announce(notice: ControlNotice): void {
    if (!this.#isOpen) return;
    this.#controls.deliver(notice);
    this.#publisher.announce(notice);
  }

  onControl(listener: (notice: ControlNotice) => void): Subscription {
    if (!this.#isOpen) return { ready: Promise.resolve(), unsubscribe: () => {} };
    return { ready: this.#controlled, unsubscribe: this.#controls.add(listener) };
  }

  async close(): Promise<void> {
    this.#isOpen = false;
    this.#listeners.clear();
    this.#controls.clear();
    this.#reconnectListeners.clear();
    this.#reporter.stop();
    for (const heartbeat of this.#heartbeats) heartbeat[Symbol.dispose]();
    await closeConnections([this.#subscribing, this.#publishing]);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #receive(text: string): void {
    try {
      const envelope = parseMessage(text);
      if (envelope.sender === this.#sender) return;
      if ('control' in envelope) this.#controls.deliver(envelope.control);
      else this.#listeners.deliver(envelope.notice);
    } catch (error) {
      this.#options.onError?.(error);
    }
  }
}
