import { setImmediate as nextTurn } from 'node:timers/promises';
import type { NewEvent } from '@tidemark/database';
import { TidemarkError } from '../tidemark-error.ts';
import type { CommittedBatch, Outcome } from './commit-batch.ts';

/** One transaction holds at most this many events: beyond, its rows cost more than its round trips. */
const MAX_COMMIT_EVENTS = 4_000;
/** What may wait per tenant, and in all: at 30,000 events/s less than a second of work. */
const MAX_TENANT_EVENTS = 10_000;
const MAX_WAITING_EVENTS = 50_000;
const RETRY_AFTER_MS = 500;
/** With so many waiting the next commit begins at once … */
const ENOUGH_EVENTS = 200;
/**
 * … and with fewer after so many turns of the event loop, in which senders that were just answered come again: a commit
 * of 50 single events costs little more than one of 25. Where nothing is to be done these turns take microseconds.
 */
const GATHERING_TURNS = 4;

/** What became of the events of one request. */
export type Stored = { readonly outcomes: readonly Outcome[]; readonly committedAt: number | null };

/** Stores a batch and tells the cache and the bus of it; `senders` are the API keys it will be acknowledged to. */
type Store = (tenantId: string, events: readonly NewEvent[], senders: readonly string[]) => Promise<CommittedBatch[]>;

type Submission = {
  readonly sender: string;
  readonly events: readonly NewEvent[];
  readonly resolve: (stored: Stored) => void;
  readonly reject: (error: unknown) => void;
};
type Queue = { waiting: Submission[]; events: number };

/**
 * Group commit. Per tenant one batch commits at a time; what arrives meanwhile waits and forms the next:
 *
 *   idle ── submit ──▶ committing ── done, none waiting ──▶ idle
 *                        ▲    │
 *                        └────┘ done, some waiting: at once where they are many, else after a few turns
 *
 * The queue is bounded: what does not fit is refused, never dropped.
 */
export class GroupCommit {
  readonly #store: Store;
  readonly #queues = new Map<string, Queue>();
  #waitingEvents = 0;
  #idle = Promise.withResolvers<void>();

  constructor(store: Store) {
    this.#store = store;
    this.#idle.resolve();
  }

  /** Events that wait for a commit or are in one. */
  get waitingEvents(): number {
    return this.#waitingEvents;
  }

  /** Resolves after commit; `sender` is an API key's id. Throws `overloaded` where the queue is full. */
  submit(tenantId: string, events: readonly NewEvent[], sender: string): Promise<Stored> {
    const queue = this.#queues.get(tenantId);
    if (
      (queue?.events ?? 0) + events.length > MAX_TENANT_EVENTS ||
      this.#waitingEvents + events.length > MAX_WAITING_EVENTS
    ) {
      throw new TidemarkError('overloaded', 'More events arrive than can be stored: send this batch again shortly.', {
        retryAfterMs: RETRY_AFTER_MS,
      });
    }
    const { promise, resolve, reject } = Promise.withResolvers<Stored>();
    const submission = { sender, events, resolve, reject };
    this.#waitingEvents += events.length;
    if (queue !== undefined) {
      queue.waiting.push(submission);
      queue.events += events.length;
      return promise;
    }
    if (this.#queues.size === 0) this.#idle = Promise.withResolvers<void>();
    const started = { waiting: [submission], events: events.length };
    this.#queues.set(tenantId, started);
    void this.#drain(tenantId, started);
    return promise;
  }

  /** Resolves once nothing waits. */
  async whenIdle(): Promise<void> {
    await this.#idle.promise;
  }

  async #drain(tenantId: string, queue: Queue): Promise<void> {
    while (queue.waiting.length > 0) {
      const batch = takeBatch(queue.waiting);
      const events = batch.flatMap((submission) => submission.events);
      const answer = await this.#commit(tenantId, batch, events);
      queue.events -= events.length;
      this.#waitingEvents -= events.length;
      if (queue.events >= ENOUGH_EVENTS) {
        // The next batch is sent off first, so that the database works while these answers are made.
        setImmediate(answer);
      } else {
        answer();
        for (let turns = 0; turns < GATHERING_TURNS; turns += 1) await nextTurn();
      }
    }
    this.#queues.delete(tenantId);
    if (this.#queues.size === 0) this.#idle.resolve();
  }

  /** Resolves with how to answer, once it is known what became of a batch. */
  async #commit(tenantId: string, batch: readonly Submission[], events: readonly NewEvent[]): Promise<() => void> {
    try {
      const senders = [...new Set(batch.map((submission) => submission.sender))];
      const committed = await this.#store(tenantId, events, senders);
      return () => settle(batch, committed);
    } catch (error) {
      return () => {
        for (const { reject } of batch) reject(error);
      };
    }
  }
}

/** As many whole submissions as one transaction holds, at least one. */
function takeBatch(waiting: Submission[]): Submission[] {
  let count = 0;
  let events = 0;
  for (const submission of waiting) {
    events += submission.events.length;
    if (count > 0 && events > MAX_COMMIT_EVENTS) break;
    count += 1;
  }
  return waiting.splice(0, count);
}

function settle(batch: readonly Submission[], committed: readonly CommittedBatch[]): void {
  const outcomes = committed.flatMap((part) => part.outcomes);
  const committedAt = committed.findLast(({ commit }) => commit !== null)?.commit?.committedAt ?? null;
  let place = 0;
  for (const { events, resolve } of batch) {
    const own = outcomes.slice(place, place + events.length);
    place += events.length;
    resolve({ outcomes: own, committedAt: own.includes('accepted') ? committedAt : null });
  }
}
