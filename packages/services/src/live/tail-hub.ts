import type { Database } from '@tidemark/database';
import type { Bus } from '@tidemark/redis';
import pLimit from 'p-limit';
import { TenantTail } from './tenant-tail.ts';

/** Reads at a time: a third of the connections for reads. */
const MAX_READING = 2;

/** A tenant's tail, held until it is left. */
export type HeldTail = { readonly tail: TenantTail } & Disposable;

/** Follows each tenant's commits once, whatever the number of its tails. */
export class TailHub {
  readonly #bus: Bus;
  readonly #database: Pick<Database, 'reads'>;
  readonly #turn = pLimit(MAX_READING);
  readonly #tails = new Map<string, { readonly tail: TenantTail; readers: number }>();

  constructor(bus: Bus, database: Pick<Database, 'reads'>) {
    this.#bus = bus;
    this.#database = database;
  }

  /** Tenants being followed now. */
  get size(): number {
    return this.#tails.size;
  }

  hold(tenantId: string): HeldTail {
    const entry = this.#tails.get(tenantId) ?? { tail: this.#open(tenantId), readers: 0 };
    this.#tails.set(tenantId, entry);
    entry.readers += 1;
    return {
      tail: entry.tail,
      [Symbol.dispose]: () => {
        entry.readers -= 1;
        if (entry.readers > 0) return;
        this.#tails.delete(tenantId);
        entry.tail.close();
      },
    };
  }

  #open(tenantId: string): TenantTail {
    return new TenantTail({
      tenantId,
      bus: this.#bus,
      database: this.#database,
      turn: (read) => this.#turn(read),
    });
  }
}
