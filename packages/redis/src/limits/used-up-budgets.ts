import { LRUCache } from 'lru-cache';
import type { Charge, Charged, Count } from './limit-store.ts';
import { toWindowKey } from './window-counter.ts';

/** Whoever is forgotten here is refused by the counter instead. */
const MAX_REMEMBERED = 10_000;

type UsedUp = { readonly used: number; readonly until: number };

/** The windows that have nothing left, remembered until they end: what hammers on is answered without asking anyone. */
export class UsedUpBudgets {
  readonly #byKey = new LRUCache<string, UsedUp>({ max: MAX_REMEMBERED });

  /** Undefined where there may be room, be it because the budget was raised. */
  find(charge: Charge): Count | undefined {
    const found = this.#byKey.get(toWindowKey(charge));
    if (found === undefined || found.used < charge.budget) return undefined;
    const resetMs = found.until - performance.now();
    return resetMs > 0 ? { used: found.used, resetMs } : undefined;
  }

  /** Decides on charges that were counted, and remembers which of them were the last. */
  decide(charges: readonly Charge[], counts: readonly Count[]): Charged {
    let isAdmitted = true;
    for (const [place, { used, resetMs }] of counts.entries()) {
      const charge = charges[place];
      if (charge === undefined || used < charge.budget) continue;
      if (used > charge.budget) isAdmitted = false;
      this.#byKey.set(toWindowKey(charge), { used, until: performance.now() + resetMs });
    }
    return { isAdmitted, counts };
  }
}
