import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Charge, Charged, LimitStore } from '../src/index.ts';
import { checkLimitLaw } from './check-limit-law.ts';

const WINDOW_MS = 60_000;

export function chargeFixture(unusual: Partial<Charge> = {}): Charge {
  return { owner: randomUUID(), name: 'analytics:key', budget: 3, windowMs: WINDOW_MS, ...unusual };
}

/** Which of so many charges were admitted. */
async function chargeTimes(store: LimitStore, times: number, charge: Charge): Promise<boolean[]> {
  const admitted: boolean[] = [];
  for (let time = 0; time < times; time += 1) admitted.push((await store.charge([charge])).isAdmitted);
  return admitted;
}

/** What every limit store keeps, wherever it counts. */
export function limitContract(name: string, openStore: () => Promise<LimitStore>, { runs }: { runs: number }): void {
  describe(`${name} limit store`, () => {
    test('admits as often as the budget says, and tells how far it is used', async () => {
      await using store = await openStore();
      const charge = chargeFixture();
      const outcomes: Charged[] = [];
      for (let time = 0; time < 4; time += 1) outcomes.push(await store.charge([charge]));
      expect(outcomes.map(({ isAdmitted }) => isAdmitted)).toEqual([true, true, true, false]);
      expect(outcomes.slice(0, 3).map(({ counts }) => counts[0]?.used)).toEqual([1, 2, 3]);
      for (const { counts } of outcomes) {
        expect(counts[0]?.resetMs).toBeGreaterThan(WINDOW_MS / 2);
        expect(counts[0]?.resetMs).toBeLessThanOrEqual(WINDOW_MS);
      }
      expect(store.findUsedUp(charge)).toMatchObject({ used: 3 });
    });

    test('admits to budgets charged together where all of them do', async () => {
      await using store = await openStore();
      const owner = randomUUID();
      const key = (which: string) => chargeFixture({ owner, name: which, budget: 2 });
      const cap = chargeFixture({ owner, name: 'cap', budget: 3 });
      const outcomes: Charged[] = [];
      for (const which of ['a', 'a', 'b', 'b']) outcomes.push(await store.charge([key(which), cap]));
      expect(outcomes.map(({ isAdmitted }) => isAdmitted)).toEqual([true, true, true, false]);
      expect(outcomes[3]?.counts[0]).toBeUndefined();
      expect(outcomes[3]?.counts[1]).toMatchObject({ used: 3 });
    });

    test('charges nothing where one is known to be used up', async () => {
      await using store = await openStore();
      const owner = randomUUID();
      const key = chargeFixture({ owner, name: 'key', budget: 1 });
      const cap = chargeFixture({ owner, name: 'cap', budget: 10 });
      for (let time = 0; time < 5; time += 1) await store.charge([key, cap]);
      expect((await store.read([cap]))[0]?.used).toBe(1);
    });

    test('keeps owners, names and lengths of windows apart', async () => {
      await using store = await openStore();
      const charge = chargeFixture({ budget: 1 });
      expect(await chargeTimes(store, 2, charge)).toEqual([true, false]);
      for (const other of [{ owner: randomUUID() }, { name: 'events:key' }, { windowMs: 1_000 }]) {
        expect(await chargeTimes(store, 2, { ...charge, ...other })).toEqual([true, false]);
      }
    });

    test('goes by the budget of now: raised it admits at once, lowered it refuses at once', async () => {
      await using store = await openStore();
      const charge = chargeFixture({ budget: 2 });
      expect(await chargeTimes(store, 3, charge)).toEqual([true, true, false]);
      expect(await chargeTimes(store, 3, { ...charge, budget: 4 })).toEqual([true, true, false]);
      const fresh = chargeFixture({ budget: 10 });
      expect(await chargeTimes(store, 3, fresh)).toEqual([true, true, true]);
      expect((await store.charge([{ ...fresh, budget: 2 }])).isAdmitted).toBe(false);
    });

    test('begins a new window when one has ended', async () => {
      await using store = await openStore();
      const charge = chargeFixture({ budget: 2, windowMs: 1_000 });
      expect(await chargeTimes(store, 3, charge)).toEqual([true, true, false]);
      await expect.poll(async () => (await store.charge([charge])).isAdmitted, { timeout: 5_000 }).toBe(true);
      expect((await store.read([charge]))[0]?.used).toBe(1);
    });

    test('reads without charging', async () => {
      await using store = await openStore();
      const charge = chargeFixture();
      expect(await store.read([charge])).toEqual([{ used: 0, resetMs: 0 }]);
      await store.charge([charge]);
      const unused = chargeFixture();
      for (let time = 0; time < 2; time += 1) {
        expect(await store.read([charge, unused])).toMatchObject([{ used: 1 }, { used: 0 }]);
      }
    });

    test('never admits more than its windows hold', { timeout: 120_000 }, async () => {
      await using store = await openStore();
      await checkLimitLaw([store], { runs });
    });
  });
}
