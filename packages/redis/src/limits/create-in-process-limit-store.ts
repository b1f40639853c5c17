import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { Charge, Charged, Count, LimitStore } from './limit-store.ts';
import { UsedUpBudgets } from './used-up-budgets.ts';
import { COUNTING_ONLY, countUse, readCount, toCount } from './window-counter.ts';

/** Some 300 bytes each, of each kind. */
const DEFAULT_MAX_WINDOWS = 100_000;

export type InProcessLimitStoreOptions = {
  /** Windows of a kind at once. When there are more, all are begun anew: too lenient for once, and bounded. Default: 100,000. */
  readonly maxWindows?: number;
};

/** The limits of a server alone. */
export function createInProcessLimitStore(options: InProcessLimitStoreOptions = {}): LimitStore {
  return new InProcessLimitStore(options);
}

/** Budgets of a kind have room of their own: who begins windows of one without end begins no others anew. */
class InProcessLimitStore implements LimitStore {
  readonly state = 'in-process';
  readonly #maxWindows: number;
  readonly #kinds = new Map<string, Windows>();

  constructor({ maxWindows = DEFAULT_MAX_WINDOWS }: InProcessLimitStoreOptions) {
    this.#maxWindows = maxWindows;
  }

  async charge(charges: readonly Charge[]): Promise<Charged> {
    const counts = charges.map((charge) => this.findUsedUp(charge));
    if (counts.some((count) => count !== undefined)) return { isAdmitted: false, counts };
    const charged = await Promise.all(charges.map((charge) => this.#of(charge).charge(charge)));
    return {
      isAdmitted: charged.every(({ isAdmitted }) => isAdmitted),
      counts: charged.flatMap((one) => one.counts),
    };
  }

  findUsedUp(charge: Charge): Count | undefined {
    return this.#of(charge).findUsedUp(charge);
  }

  async read(charges: readonly Charge[]): Promise<readonly Count[]> {
    return await Promise.all(charges.map((charge) => this.#of(charge).read(charge)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#kinds.clear();
  }

  /** A kind is what a name begins with: names are ours, and few begin differently. */
  #of({ name }: Charge): Windows {
    const [kind = name] = name.split(':', 1);
    const known = this.#kinds.get(kind) ?? new Windows(this.#maxWindows);
    this.#kinds.set(kind, known);
    return known;
  }
}

/** The windows of one kind of budget. */
class Windows {
  readonly #max: number;
  #limiter = new RateLimiterMemory(COUNTING_ONLY);
  #usedUp = new UsedUpBudgets();
  /** Windows begun since those that live were counted. */
  #begun = 0;

  constructor(max: number) {
    this.#max = max;
  }

  async charge(charge: Charge): Promise<Charged> {
    const counted = await countUse(this.#limiter, charge);
    if (counted.isFirstInDuration) this.#makeRoom();
    return this.#usedUp.decide([charge], [toCount(counted)]);
  }

  findUsedUp(charge: Charge): Count | undefined {
    return this.#usedUp.find(charge);
  }

  async read(charge: Charge): Promise<Count> {
    return await readCount(this.#limiter, charge);
  }

  #makeRoom(): void {
    this.#begun += 1;
    if (this.#begun <= this.#max) return;
    // Most of them have ended meanwhile.
    const living = this.#limiter.dump().storage.length;
    if (living > this.#max / 2) this.#forget();
    else this.#begun = living;
  }

  #forget(): void {
    this.#limiter = new RateLimiterMemory(COUNTING_ONLY);
    this.#usedUp = new UsedUpBudgets();
    this.#begun = 0;
  }
}
