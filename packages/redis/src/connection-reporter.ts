import type { ConnectionState } from './bus/bus.ts';
import type { RedisConnection } from './connect-redis.ts';

type Told = {
  /** Whether all that is watched works. */
  readonly isConnected: () => boolean;
  /** Told when Redis is lost, with the reason, and when it is back. */
  readonly onStateChange: ((state: ConnectionState, reason: Error | undefined) => void) | undefined;
};

/** Tells what becomes of connections. Only changes are told, and a first success is none. */
export class ConnectionReporter {
  readonly #told: Told;
  #reported: ConnectionState = 'connected';
  #reason: Error | undefined;
  #isStopped = false;

  constructor(told: Told) {
    this.#told = told;
  }

  watch(connection: RedisConnection): void {
    connection.on('error', (error: Error) => {
      this.#reason = error;
    });
    connection.on('node error', (error: Error) => {
      this.#reason = error;
    });
    connection.on('ready', () => this.reportReturn());
    connection.on('close', () => this.#reportLoss());
  }

  /** To be called as well when what `isConnected` says depends on more than connections. */
  reportReturn(): void {
    if (!this.#told.isConnected() || this.#reported === 'connected') return;
    this.#reported = 'connected';
    this.#told.onStateChange?.('connected', undefined);
  }

  stop(): void {
    this.#isStopped = true;
  }

  #reportLoss(): void {
    if (this.#isStopped || this.#reported === 'reconnecting') return;
    this.#reported = 'reconnecting';
    this.#told.onStateChange?.('reconnecting', this.#reason);
  }
}
