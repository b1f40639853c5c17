import type { EventInput, Receipt } from '@tidemark/schemas';

/** An event as a load sends it: its identity is set by the sender, so that it can be sent again. */
export type LoadEvent = EventInput & { id: string; occurredAt: string };

/** What its senders know of one event. */
export type LedgerEntry = {
  /** The payload that was sent first. */
  readonly event: LoadEvent;
  sent: number;
  accepted: number;
  duplicates: number;
};

/** Enough to see what kind they are of. */
const MAX_FLAWS = 20;

/**
 * The senders' own book, kept outside of every server: what was sent, how often, and what was acknowledged.
 * Senders enter a batch before it goes out and its receipts when they arrive.
 */
export class Ledger {
  readonly #entries = new Map<string, LedgerEntry>();
  readonly #flaws: string[] = [];
  readonly #waiting: { readonly count: number; readonly resolve: () => void }[] = [];
  #receipts = 0;

  /** By `toIdentity`. */
  get entries(): ReadonlyMap<string, LedgerEntry> {
    return this.#entries;
  }

  /** Receipts so far, repeated ones included. */
  get receipts(): number {
    return this.#receipts;
  }

  enterSent(events: readonly LoadEvent[]): void {
    for (const event of events) {
      const identity = toIdentity(event);
      const entry = this.#entries.get(identity);
      if (entry === undefined) this.#entries.set(identity, { event, sent: 1, accepted: 0, duplicates: 0 });
      else entry.sent += 1;
    }
  }

  enterReceipts(events: readonly LoadEvent[], receipts: readonly Receipt[]): void {
    if (receipts.length !== events.length) {
      this.#flaws.push(`${events.length} events were answered by ${receipts.length} receipts`);
    }
    for (const [place, receipt] of receipts.entries()) {
      const event = events[place];
      const identity = event && toIdentity(event);
      const entry = identity === undefined ? undefined : this.#entries.get(identity);
      if (entry === undefined || `${receipt.id}@${receipt.occurredAt}` !== identity) {
        this.#flaws.push(`receipt ${place} is for ${receipt.id}@${receipt.occurredAt}, not for ${identity}`);
      } else if (receipt.status === 'accepted') entry.accepted += 1;
      else if (receipt.status === 'duplicate') entry.duplicates += 1;
      else this.#flaws.push(`${identity} was rejected: ${receipt.reason?.code} ${receipt.reason?.message}`);
    }
    this.#receipts += receipts.length;
    for (const { resolve } of this.#waiting.filter(({ count }) => count <= this.#receipts)) resolve();
  }

  /** Resolves once that many more receipts have arrived. */
  async untilMore(receipts: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.push({ count: this.#receipts + receipts, resolve });
    await promise;
  }

  /** Receipts that contradict what was sent, or each other. */
  findFlaws(): string[] {
    const flaws = [...this.#flaws];
    for (const [identity, { sent, accepted, duplicates }] of this.#entries) {
      if (flaws.length >= MAX_FLAWS) break;
      if (accepted > 1) flaws.push(`${identity} was accepted ${accepted} times`);
      // A duplicate of an event never accepted is honest only where an answer was lost.
      const unanswered = sent - accepted - duplicates;
      if (duplicates > 0 && accepted === 0 && unanswered === 0) flaws.push(`${identity} was always a duplicate`);
    }
    return flaws;
  }
}

/** What names an event in its tenant. */
export function toIdentity({ id, occurredAt }: Pick<LoadEvent, 'id' | 'occurredAt'>): string {
  return `${id}@${occurredAt}`;
}
