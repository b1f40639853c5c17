import { randomUUID } from 'node:crypto';
import type { CommitNotice } from '@tidemark/schemas';
import type { Bus } from '../src/index.ts';

/** A listener that remembers what it heard, and can be waited for. */
export class Heard {
  readonly notices: CommitNotice[] = [];
  #arrived = Promise.withResolvers<void>();

  readonly listen = (notice: CommitNotice): void => {
    this.notices.push(notice);
    this.#arrived.resolve();
    this.#arrived = Promise.withResolvers<void>();
  };

  get seqs(): number[] {
    return this.notices.map(({ seq }) => seq);
  }

  /** Resolves once the sequence number was heard. */
  async until(seq: number): Promise<void> {
    while (!this.seqs.includes(seq)) await this.#arrived.promise;
  }
}

export function untilReconnected(bus: Bus): Promise<void> {
  return new Promise((resolve) => {
    const subscription = bus.onReconnect(() => {
      subscription.unsubscribe();
      resolve();
    });
  });
}

/** New in every run, since the Redis is shared with other tests. */
export const tenants = { a: randomUUID(), b: randomUUID() } as const;

export function noticeFixture(seq: number, tenantId: string = tenants.a): CommitNotice {
  return { tenantId, seq, days: ['2026-11-22'] };
}
