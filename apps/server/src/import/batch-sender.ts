import type { EventInput, IngestOutput } from '@tidemark/schemas';
import pLimit from 'p-limit';
import type { ImportTally, LineRef } from './import-tally.ts';
import { createPace } from './pace.ts';
import { sendPatiently } from './send-patiently.ts';

export type SourcedEvent = LineRef & { readonly event: EventInput };

/** Stores a batch; `events.ingest` of the client. */
export type Ingest = (events: EventInput[]) => Promise<IngestOutput>;

export type SenderOptions = {
  readonly ingest: Ingest;
  readonly tally: ImportTally;
  /** Requests at a time. */
  readonly concurrency: number;
  readonly eventsPerSecond?: number | undefined;
  readonly patienceMs: number;
  /** No request begins after this. */
  readonly signal: AbortSignal;
};

/**
 * Sends batches, some at a time; `send` waits while as many again are queued, which bounds what is in
 * memory. The first batch that cannot be stored aborts `failed`, and what is queued is dropped.
 */
export class BatchSender {
  readonly #options: SenderOptions;
  readonly #limit;
  readonly #pace;
  readonly #failed = new AbortController();
  readonly #stop: AbortSignal;
  readonly #underWay = new Set<Promise<void>>();

  constructor(options: SenderOptions) {
    this.#options = options;
    this.#limit = pLimit(options.concurrency);
    this.#pace = createPace(options.eventsPerSecond);
    this.#stop = AbortSignal.any([options.signal, this.#failed.signal]);
  }

  get failed(): AbortSignal {
    return this.#failed.signal;
  }

  async send(batch: readonly SourcedEvent[]): Promise<void> {
    const delivery = this.#limit(() => this.#deliverOrFail(batch)).finally(() => this.#underWay.delete(delivery));
    this.#underWay.add(delivery);
    while (this.#underWay.size >= 2 * this.#options.concurrency) await Promise.race(this.#underWay);
  }

  /** Waits until every batch is settled. */
  async drain(): Promise<void> {
    await Promise.all(this.#underWay);
  }

  /** Settles within the limit, so that no batch behind a failed one begins. */
  async #deliverOrFail(batch: readonly SourcedEvent[]): Promise<void> {
    try {
      await this.#deliver(batch);
    } catch (error) {
      if (!this.#stop.aborted) this.#failed.abort(error);
    }
  }

  async #deliver(batch: readonly SourcedEvent[]): Promise<void> {
    const { ingest, tally, patienceMs } = this.#options;
    if (this.#stop.aborted) return;
    await this.#pace(batch.length, this.#stop);
    const events = batch.map(({ event }) => event);
    const { receipts } = await sendPatiently(() => ingest(events), {
      patienceMs,
      signal: this.#stop,
      onPause: (reason) => {
        tally.waiting = reason;
      },
    });
    batch.forEach((source, index) => {
      const receipt = receipts[index];
      if (receipt !== undefined) tally.addReceipt(receipt, source);
    });
  }
}
