import { TidemarkError } from '../tidemark-error.ts';

const RETRY_AFTER_MS = 5_000;
/** Room for a team's dashboards and monitors many times over; what is held for a stream is some 10 KB. */
const MAX_STREAMS_PER_TENANT = 2_000;

/** Counts the streams that each tenant has open here, of all its keys: streams are charged as they begin, and last. */
export class OpenStreams {
  readonly #max: number;
  readonly #open = new Map<string, number>();

  constructor(max: number = MAX_STREAMS_PER_TENANT) {
    this.#max = max;
  }

  /** Until it is disposed of. Throws `overloaded` where the tenant has too many open. */
  hold(tenantId: string): Disposable {
    const open = this.count(tenantId);
    if (open >= this.#max) throw refusal(this.#max);
    this.#open.set(tenantId, open + 1);
    return { [Symbol.dispose]: () => this.#leave(tenantId) };
  }

  count(tenantId: string): number {
    return this.#open.get(tenantId) ?? 0;
  }

  #leave(tenantId: string): void {
    const open = (this.#open.get(tenantId) ?? 1) - 1;
    if (open === 0) this.#open.delete(tenantId);
    else this.#open.set(tenantId, open);
  }
}

function refusal(max: number): TidemarkError {
  const reason = `This tenant has ${max} streams open on this server: leave one first, or share one among its readers.`;
  return new TidemarkError('overloaded', reason, { streams: max, retryAfterMs: RETRY_AFTER_MS });
}
