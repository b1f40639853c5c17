import { Cluster } from 'ioredis';
import type { RedisConnection } from './connect-redis.ts';

/** A link that died without a word, and that nobody uses, is noticed after at most this and one command's timeout. */
const HEARTBEAT_MS = 5_000;

/** Ends links that no longer answer, so that they are made anew. */
export class Heartbeat implements Disposable {
  readonly #connection: RedisConnection;
  readonly #timer: NodeJS.Timeout;
  #isAsking = false;

  constructor(connection: RedisConnection) {
    this.#connection = connection;
    this.#timer = setInterval(() => this.beat(), HEARTBEAT_MS);
    this.#timer.unref();
  }

  /** To be called as well when a command got no answer: the link may be dead, or the command was slow. */
  beat(): void {
    if (this.#isAsking) return;
    this.#isAsking = true;
    const links = this.#connection instanceof Cluster ? this.#connection.nodes() : [this.#connection];
    const ready = links.filter(({ status }) => status === 'ready');
    const asked = ready.map((link) =>
      link.ping().catch(() => {
        if (link.status === 'ready') link.disconnect(true);
      }),
    );
    void Promise.all(asked).then(() => {
      this.#isAsking = false;
    });
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}
