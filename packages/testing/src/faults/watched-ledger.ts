import type { Receipt } from '@tidemark/schemas';
import { Ledger, type LoadEvent, toIdentity } from '../load/ledger.ts';

type Sample = { readonly at: number; readonly acknowledged: number };

/** Old enough that no request that is still under way began before it. */
const KEPT_MS = 120_000;

/** A ledger that knows as well how much of a range had been sent and acknowledged at which moment. */
export class WatchedLedger extends Ledger {
  readonly #range: { readonly from: number; readonly to: number };
  readonly #samples: Sample[] = [];
  #sent = 0;
  #acknowledgedInRange = 0;
  #acknowledged = 0;
  #answeredAt = performance.now();
  #longestSilenceMs = 0;

  /** Epoch ms, half-open. */
  constructor(range: { readonly from: number; readonly to: number }) {
    super();
    this.#range = range;
  }

  /** Events of the range sent so far: no answer can hold more. */
  get sent(): number {
    return this.#sent;
  }

  /** Different events acknowledged so far, of any time. */
  get acknowledged(): number {
    return this.#acknowledged;
  }

  /** Events of the range that were acknowledged by then (monotonic ms): an exact answer that began then holds as many. */
  acknowledgedBy(at: number): number {
    return this.#samples.findLast((sample) => sample.at <= at)?.acknowledged ?? 0;
  }

  /** The longest time without a receipt since this was last asked. */
  takeLongestSilence(): number {
    const longest = Math.max(this.#longestSilenceMs, performance.now() - this.#answeredAt);
    this.#longestSilenceMs = 0;
    this.#answeredAt = performance.now();
    return longest;
  }

  override enterSent(events: readonly LoadEvent[]): void {
    this.#sent += events.filter((event) => this.#isCounted(event) && !this.entries.has(toIdentity(event))).length;
    super.enterSent(events);
  }

  override enterReceipts(events: readonly LoadEvent[], receipts: readonly Receipt[]): void {
    const isNew = events.filter((event) => {
      const entry = this.entries.get(toIdentity(event));
      return entry !== undefined && entry.accepted + entry.duplicates === 0;
    });
    super.enterReceipts(events, receipts);
    const now = performance.now();
    this.#acknowledged += isNew.length;
    this.#acknowledgedInRange += isNew.filter((event) => this.#isCounted(event)).length;
    this.#samples.push({ at: now, acknowledged: this.#acknowledgedInRange });
    while ((this.#samples[1]?.at ?? now) < now - KEPT_MS) this.#samples.shift();
    this.#longestSilenceMs = Math.max(this.#longestSilenceMs, now - this.#answeredAt);
    this.#answeredAt = now;
  }

  #isCounted({ occurredAt }: LoadEvent): boolean {
    const at = Date.parse(occurredAt);
    return at >= this.#range.from && at < this.#range.to;
  }
}
