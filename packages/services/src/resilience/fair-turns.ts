import { TidemarkError } from '../tidemark-error.ts';

const RETRY_AFTER_MS = 1_000;

export type FairTurnsOptions = {
  /** What may run at a time, of all tenants and of one. */
  readonly slots: number;
  readonly slotsPerTenant: number;
  /** What may wait at a time, of all tenants and of one. Default: whatever comes, for callers who bound it themselves. */
  readonly waiting?: number;
  readonly waitingPerTenant?: number;
  /** The longest anything waits. Default: as long as it takes. */
  readonly patienceMs?: number;
};

type Waiter = { readonly since: number; readonly begin: () => void; readonly refuse: () => void };
type Tenant = { running: number; readonly waiting: Set<Waiter> };

/**
 * A bulkhead between tenants: a free slot goes to the tenant that holds the fewest, whatever the length of its queue,
 * and one tenant never holds more than its share. So the slow questions of one leave slots to the others. Nor do the
 * long queues of some leave others no room to wait: where all of it is taken, the longest gives up its last.
 */
export class FairTurns {
  readonly #options: FairTurnsOptions;
  /** Those with something to do. */
  readonly #tenants = new Map<string, Tenant>();
  #running = 0;
  #waiting = 0;

  constructor(options: FairTurnsOptions) {
    this.#options = options;
  }

  get running(): number {
    return this.#running;
  }

  get waiting(): number {
    return this.#waiting;
  }

  /**
   * How long (ms) something has been waiting for a slot that other tenants hold: what waits for its own tenant's share
   * tells nothing of the server, see `ownWaits`.
   */
  get crowdedMs(): number {
    const now = performance.now();
    let longest = 0;
    for (const { running, waiting } of this.#tenants.values()) {
      const [first] = waiting;
      if (first !== undefined && running < this.#options.slotsPerTenant) longest = Math.max(longest, now - first.since);
    }
    return longest;
  }

  /** The tenants that wait for slots they hold themselves, and how long (ms) the first of each has. */
  get ownWaits(): Map<string, number> {
    const now = performance.now();
    const waits = new Map<string, number>();
    for (const [tenantId, { running, waiting }] of this.#tenants) {
      const [first] = waiting;
      if (first !== undefined && running >= this.#options.slotsPerTenant) waits.set(tenantId, now - first.since);
    }
    return waits;
  }

  /** Runs the work when it is the tenant's turn. Throws `overloaded` where too much waits, or for too long. */
  async run<Result>(tenantId: string, work: () => Promise<Result>): Promise<Result> {
    const tenant = this.#tenants.get(tenantId) ?? { running: 0, waiting: new Set() };
    this.#tenants.set(tenantId, tenant);
    const { slots, slotsPerTenant } = this.#options;
    try {
      if (this.#running < slots && tenant.running < slotsPerTenant) this.#begin(tenant);
      else await this.#wait(tenant);
    } catch (error) {
      this.#forget(tenantId, tenant);
      throw error;
    }
    try {
      return await work();
    } finally {
      this.#running -= 1;
      tenant.running -= 1;
      this.#grant();
      this.#forget(tenantId, tenant);
    }
  }

  /** Resolves when a turn has begun. */
  async #wait(tenant: Tenant): Promise<void> {
    const { waiting = Infinity, waitingPerTenant = Infinity, patienceMs } = this.#options;
    if (tenant.waiting.size >= waitingPerTenant) throw refusal();
    if (this.#waiting >= waiting) this.#makeRoomBeside(tenant);
    const { promise: turn, resolve: begin, reject } = Promise.withResolvers<void>();
    const refuse = () => {
      if (this.#take(tenant, waiter)) reject(refusal());
    };
    const waiter: Waiter = { since: performance.now(), begin, refuse };
    const timer = patienceMs === undefined ? undefined : setTimeout(refuse, patienceMs);
    tenant.waiting.add(waiter);
    this.#waiting += 1;
    try {
      await turn;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Throws where nobody's queue would still be the longer one. */
  #makeRoomBeside({ waiting: own }: Tenant): void {
    let longest: ReadonlySet<Waiter> = own;
    for (const { waiting } of this.#tenants.values()) if (waiting.size > longest.size) longest = waiting;
    if (longest.size <= own.size + 1) throw refusal();
    Array.from(longest).at(-1)?.refuse();
  }

  /** Ends a wait, whether by its turn or without; false where it has ended. */
  #take(tenant: Tenant, waiter: Waiter): boolean {
    if (!tenant.waiting.delete(waiter)) return false;
    this.#waiting -= 1;
    return true;
  }

  #begin(tenant: Tenant): void {
    tenant.running += 1;
    this.#running += 1;
  }

  #grant(): void {
    while (this.#running < this.#options.slots) {
      const next = this.#findNext();
      const [first] = next?.waiting ?? [];
      if (next === undefined || first === undefined) return;
      this.#take(next, first);
      this.#begin(next);
      first.begin();
    }
  }

  /** The tenant that holds the fewest slots, and of those the one that has waited longest. */
  #findNext(): Tenant | undefined {
    let next: Tenant | undefined;
    for (const tenant of this.#tenants.values()) {
      const mayRun = tenant.waiting.size > 0 && tenant.running < this.#options.slotsPerTenant;
      if (mayRun && (next === undefined || isBefore(tenant, next))) next = tenant;
    }
    return next;
  }

  #forget(tenantId: string, tenant: Tenant): void {
    if (tenant.running === 0 && tenant.waiting.size === 0) this.#tenants.delete(tenantId);
  }
}

function isBefore(one: Tenant, other: Tenant): boolean {
  if (one.running !== other.running) return one.running < other.running;
  const [[mine], [theirs]] = [one.waiting, other.waiting];
  return (mine?.since ?? 0) < (theirs?.since ?? 0);
}

function refusal(): TidemarkError {
  const remedy = 'Too much of what was asked waits for its turn: ask again shortly, and for less at a time.';
  return new TidemarkError('overloaded', remedy, { retryAfterMs: RETRY_AFTER_MS });
}
