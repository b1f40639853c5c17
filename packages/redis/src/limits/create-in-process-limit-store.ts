import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { Charge, Charged, Count, LimitStore } from './limit-store.ts';
import { UsedUpBudgets } from './used-up-budgets.ts';
import { COUNTING_ONLY, countUse, readCount, toCount } from './window-counter.ts';

/** Some 300 bytes each. */
const DEFAULT_MAX_WINDOWS = 100_000;

export type InProcessLimitStoreOptions = {
  /** Windows at once. When there are more, all are begun anew: too lenient for once, and bounded. Default: 100,000. */
  readonly maxWindows?: number;
};

/** The limits of a server alone. */
export function createInProcessLimitStore(options: InProcessLimitStoreOptions = {}): LimitStore {
  return new InProcessLimitStore(options);
}

class InProcessLimitStore implements LimitStore {
  readonly state = 'in-process';
  readonly #maxWindows: number;
  #limiter = new RateLimiterMemory(COUNTING_ONLY);
  #usedUp = new UsedUpBudgets();
  /** Windows begun since those that live were counted. */
  #begun = 0;

  constructor({ maxWindows = DEFAULT_MAX_WINDOWS }: InProcessLimitStoreOptions) {
    this.#maxWindows = maxWindows;
  }

  async charge(charges: readonly Charge[]): Promise<Charged> {
    const counts = charges.map((charge) => this.#usedUp.find(charge));
    if (counts.some((count) => count !== undefined)) return { isAdmitted: false, counts };
    return this.#usedUp.decide(charges, await Promise.all(charges.map((charge) => this.#count(charge))));
  }

  findUsedUp(charge: Charge): Count | undefined {
    return this.#usedUp.find(charge);
  }

  async read(charges: readonly Charge[]): Promise<readonly Count[]> {
    return await Promise.all(charges.map((charge) => readCount(this.#limiter, charge)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#forget();
  }

  async #count(charge: Charge): Promise<Count> {
    const counted = await countUse(this.#limiter, charge);
    if (counted.isFirstInDuration) this.#makeRoom();
    return toCount(counted);
  }

  #makeRoom(): void {
    this.#begun += 1;
    if (this.#begun <= this.#maxWindows) return;
    // Most of them have ended meanwhile.
    const living = this.#limiter.dump().storage.length;
    if (living > this.#maxWindows / 2) this.#forget();
    else this.#begun = living;
  }

  #forget(): void {
    this.#limiter = new RateLimiterMemory(COUNTING_ONLY);
    this.#usedUp = new UsedUpBudgets();
    this.#begun = 0;
  }
}
