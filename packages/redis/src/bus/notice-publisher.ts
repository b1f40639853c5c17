import type { CommitNotice, ControlNotice } from '@tidemark/schemas';
import type { Redis } from 'ioredis';
import { CONTROL_CHANNEL, toChannel, toMessage } from './envelope.ts';
import { UnsentNotices } from './unsent-notices.ts';

/** Sends notices while Redis is there, and what it missed once it is back. */
export class NoticePublisher {
  readonly #redis: Redis;
  readonly #sender: string;
  readonly #unsent = new UnsentNotices();

  constructor(redis: Redis, sender: string) {
    this.#redis = redis;
    this.#sender = sender;
    redis.on('ready', () => this.#flush());
  }

  publish(notice: CommitNotice): void {
    this.#unsent.add(notice);
    this.#flush();
  }

  /** Sends it now or not at all. */
  announce(control: ControlNotice): void {
    if (this.#redis.status !== 'ready') return;
    this.#redis.publish(CONTROL_CHANNEL, toMessage({ sender: this.#sender, control })).catch(() => {});
  }

  #flush(): void {
    if (this.#redis.status !== 'ready') return;
    for (const notice of this.#unsent.takeAll()) {
      const message = toMessage({ sender: this.#sender, notice });
      this.#redis.publish(toChannel(notice.tenantId), message).catch(() => this.#unsent.add(notice));
    }
  }
}
