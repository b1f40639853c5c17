import type { IngestOutput } from '@tidemark/schemas';
import type { SendEvents } from '../../src/track/tracker.ts';

type Sent = {
  readonly ids: string[];
  /** Answers with a receipt of the status for each. */
  accept(status?: 'accepted' | 'duplicate'): void;
  fail(error: unknown): void;
};

/** Takes the tracker's batches by hand, so that a test says when and how each is answered. */
export class IngestDesk {
  readonly sent: Sent[] = [];
  readonly #arrivals = new Set<() => void>();

  readonly send: SendEvents = async (events, signal) => {
    const { promise, resolve, reject } = Promise.withResolvers<Pick<IngestOutput, 'receipts'>>();
    signal.addEventListener('abort', () => reject(new Error('aborted', { cause: signal.reason })));
    this.sent.push({
      ids: events.map(({ id }) => id),
      accept: (status = 'accepted') =>
        resolve({ receipts: events.map(({ id, occurredAt = '' }) => ({ id, occurredAt, status })) }),
      fail: reject,
    });
    for (const arrive of this.#arrivals) arrive();
    return promise;
  };

  /** The batch of that number, from 0, once it has been sent. */
  async batch(number: number): Promise<Sent> {
    for (;;) {
      const sent = this.sent[number];
      if (sent !== undefined) return sent;
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#arrivals.add(resolve);
      await promise;
      this.#arrivals.delete(resolve);
    }
  }
}
