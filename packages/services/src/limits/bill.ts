import type { LimitClass } from '@tidemark/schemas';

/** What a call found of the budget that is nearer to its end: its key's, or its tenant's. */
export type BillItem = {
  readonly limitClass: LimitClass;
  readonly of: 'key' | 'tenant';
  readonly budget: number;
  readonly windowMs: number;
  readonly remaining: number;
  readonly resetMs: number;
};

/** What the calls of one request were charged, for whoever sends the answer. */
export class Bill {
  #tightest: BillItem | undefined;
  readonly #prepaid = new Map<LimitClass, (() => void)[]>();

  /** The item of which the smallest part is left; undefined where nothing was charged. */
  get tightest(): BillItem | undefined {
    return this.#tightest;
  }

  add(item: BillItem): void {
    const known = this.#tightest;
    if (known === undefined || item.remaining / item.budget < known.remaining / known.budget) this.#tightest = item;
  }

  /** Keeps what came of a charge that was made before its call: nothing, or the refusal that `settle` throws. */
  prepay(limitClass: LimitClass, settle: () => void): void {
    this.#prepaid.set(limitClass, [...(this.#prepaid.get(limitClass) ?? []), settle]);
  }

  /** Takes a charge that was made before; undefined where there is none left. */
  takePrepaid(limitClass: LimitClass): (() => void) | undefined {
    return this.#prepaid.get(limitClass)?.shift();
  }
}
