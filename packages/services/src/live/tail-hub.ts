import type { Bus } from '@tidemark/redis';
import { FairTurns } from '../resilience/fair-turns.ts';
import type { Reads } from '../resilience/reads.ts';
import { TenantTail } from './tenant-tail.ts';

/** Pages at a time, and of one tenant: whoever asks once finds a connection. Each tail waits for one at most. */
const TURNS = { slots: 3, slotsPerTenant: 2 };

/** A tenant's tail, held until it is left. */
export type HeldTail = { readonly tail: TenantTail } & Disposable;

/** Follows each tenant's commits once, whatever the number of its tails. */
export class TailHub {
  readonly #bus: Bus;
  readonly #reads: Reads;
  readonly #turns = new FairTurns(TURNS);
  readonly #tails = new Map<string, { readonly tail: TenantTail; readers: number }>();

  constructor(bus: Bus, reads: Reads) {
    this.#bus = bus;
    this.#reads = reads;
  }

  /** Tenants being followed now. */
  get size(): number {
    return this.#tails.size;
  }

  /** Tails being read now. */
  get readers(): number {
    return Array.from(this.#tails.values(), ({ readers }) => readers).reduce((sum, count) => sum + count, 0);
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
      reads: this.#reads,
      turn: (read) => this.#turns.run(tenantId, read),
    });
  }
}
