import { TidemarkError } from '../tidemark-error.ts';

const RETRY_AFTER_MS = 5_000;

export type OpenStreamsOptions = {
  /** In words for whoever is refused, such as `exports`. */
  readonly name: string;
  /** At a time, of all keys of a tenant. */
  readonly perTenant: number;
  /** At a time, of all tenants. */
  readonly inAll: number;
};

/** Counts the streams of a kind that each tenant has open here: they are charged as they begin, and last. */
export class OpenStreams {
  readonly #options: OpenStreamsOptions;
  readonly #open = new Map<string, number>();
  #inAll = 0;

  constructor(options: OpenStreamsOptions) {
    this.#options = options;
  }

  /** Until it is disposed of. Throws `overloaded` where the tenant, or all of them, have too many open. */
  hold(tenantId: string): Disposable {
    const { name, perTenant, inAll } = this.#options;
    const open = this.count(tenantId);
    if (open >= perTenant) throw refusal(`This tenant has ${perTenant} ${name} open`, { streams: perTenant });
    if (this.#inAll >= inAll) throw refusal(`${inAll} ${name} are open`, { streams: inAll });
    this.#open.set(tenantId, open + 1);
    this.#inAll += 1;
    return { [Symbol.dispose]: () => this.#leave(tenantId) };
  }

  count(tenantId: string): number {
    return this.#open.get(tenantId) ?? 0;
  }

  #leave(tenantId: string): void {
    this.#inAll -= 1;
    const open = this.count(tenantId) - 1;
    if (open === 0) this.#open.delete(tenantId);
    else this.#open.set(tenantId, open);
  }
}

function refusal(what: string, evidence: { readonly streams: number }): TidemarkError {
  const reason = `${what} on this server: wait for one to end, leave one, or share one among its readers.`;
  return new TidemarkError('overloaded', reason, { ...evidence, retryAfterMs: RETRY_AFTER_MS });
}
