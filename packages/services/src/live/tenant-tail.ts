import { type CommitPosition, type CommittedPage, findHead, readCommittedEvents } from '@tidemark/database';
import type { Bus } from '@tidemark/redis';
import type { Filters } from '@tidemark/schemas';
import { LRUCache } from 'lru-cache';
import { pause } from '../pause.ts';
import type { Reads } from '../resilience/reads.ts';

/** Keys looked at in one go: what a reader holds at most, however slow it is. */
const PAGE_KEYS = 250;
/** Readers that follow closely ask for the same page within moments. */
const SHARED_PAGES = 8;
const SHARED_MS = 1_000;
/** A notice may be lost, with a killed server or with Redis: then the head itself tells, this much later. */
const POLL_MS = 1_000;

export type TailPlace = {
  readonly after: CommitPosition;
  /** Commits up to this one have been looked at. */
  readonly readTo: number;
};

export type TenantTailOptions = {
  readonly tenantId: string;
  readonly bus: Bus;
  readonly reads: Pick<Reads, 'ask' | 'peek'>;
  /** Pages take turns, so that whoever asks once finds a connection. */
  readonly turn: <Result>(read: () => Promise<Result>) => Promise<Result>;
};

/**
 * What the tails of one tenant share on this server: the knowledge of its head, and pages. Nothing is
 * queued for a reader; it learns that there is more, and asks for the page behind its own place.
 */
export class TenantTail {
  readonly #options: TenantTailOptions;
  readonly #waiting = new Set<() => void>();
  readonly #pages = new LRUCache<string, Promise<CommittedPage>>({
    max: SHARED_PAGES,
    ttl: SHARED_MS,
    ttlAutopurge: true,
  });
  readonly #closing = new AbortController();
  readonly #subscriptions: readonly { unsubscribe(): void }[];
  /** Resolves once no commit of another server is missed. */
  readonly ready: Promise<void>;
  #head = 0;

  constructor(options: TenantTailOptions) {
    this.#options = options;
    const commits = options.bus.subscribe(options.tenantId, ({ seq }) => this.#raise(seq));
    const reconnects = options.bus.onReconnect(() => void this.#poll());
    this.#subscriptions = [commits, reconnects];
    this.ready = commits.ready;
    void this.#keepPolling();
  }

  /** The last commit known of. */
  get head(): number {
    return this.#head;
  }

  /** Resolves when a commit beyond one is known of, after a second without, or when the signal aborts. */
  async untilBeyond(seq: number, signal: AbortSignal): Promise<void> {
    if (this.#head > seq) return;
    const heard = new AbortController();
    const wake = () => heard.abort();
    this.#waiting.add(wake);
    await pause(POLL_MS, AbortSignal.any([heard.signal, signal]));
    this.#waiting.delete(wake);
  }

  /** The page behind a place; one read for all who ask for the same. */
  async read(filters: Filters, filtersKey: string, { after, readTo }: TailPlace): Promise<CommittedPage> {
    const key = `${after.seq}:${after.index}:${filtersKey}`;
    for (;;) {
      const shared = this.#pages.get(key) ?? this.#share(key, filters, after);
      const page = await shared;
      if (page.readTo > readTo || !isSame(page.end, after) || this.#head <= readTo) return page;
      // It was read before the commit that this reader has heard of.
      if (this.#pages.get(key) === shared) this.#pages.delete(key);
    }
  }

  close(): void {
    this.#closing.abort();
    for (const subscription of this.#subscriptions) subscription.unsubscribe();
    this.#pages.clear();
  }

  #share(key: string, filters: Filters, after: CommitPosition): Promise<CommittedPage> {
    const page = this.#read(filters, after);
    this.#pages.set(key, page);
    page.catch(() => this.#pages.delete(key));
    return page;
  }

  async #read(filters: Filters, after: CommitPosition): Promise<CommittedPage> {
    const { reads, tenantId, turn } = this.#options;
    const known = this.#head;
    const page = await turn(() =>
      reads.ask(tenantId, (transaction) => readCommittedEvents(transaction, { after, filters, limit: PAGE_KEYS })),
    );
    // What was heard before the read began and is not there never was: a database that was set back.
    if (isSame(page.end, after) && page.readTo < known && this.#head === known) this.#head = page.readTo;
    return page;
  }

  async #keepPolling(): Promise<void> {
    while (!this.#closing.signal.aborted) {
      await this.#poll();
      await pause(POLL_MS, this.#closing.signal);
    }
  }

  async #poll(): Promise<void> {
    const { reads, tenantId } = this.#options;
    try {
      this.#raise(await reads.peek(tenantId, findHead));
    } catch {
      // The database is away: readers that need it hear so themselves, and the next poll is due soon.
    }
  }

  #raise(seq: number): void {
    if (seq <= this.#head) return;
    this.#head = seq;
    for (const wake of this.#waiting) wake();
  }
}

function isSame(one: CommitPosition, other: CommitPosition): boolean {
  return one.seq === other.seq && one.index === other.index;
}
