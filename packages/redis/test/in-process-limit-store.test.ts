import { expect, test } from 'vitest';
import { createInProcessLimitStore } from '../src/index.ts';
import { chargeFixture, limitContract } from './limit-contract.ts';

limitContract('in-process', async () => createInProcessLimitStore(), { runs: 200 });

test('an in-process limit store forgets all windows rather than hold too many', async () => {
  await using store = createInProcessLimitStore({ maxWindows: 10 });
  const first = chargeFixture({ budget: 1 });
  await store.charge([first]);
  for (let window = 0; window < 9; window += 1) await store.charge([chargeFixture()]);
  expect((await store.charge([first])).isAdmitted).toBe(false);
  await store.charge([chargeFixture()]);
  expect((await store.charge([first])).isAdmitted).toBe(true);
});

test('windows of one kind, however many, begin none of another anew', async () => {
  await using store = createInProcessLimitStore({ maxWindows: 10 });
  const key = chargeFixture({ budget: 1 });
  await store.charge([key]);
  for (let window = 0; window < 100; window += 1) await store.charge([chargeFixture({ name: 'attempts' })]);
  expect((await store.charge([key])).isAdmitted).toBe(false);
  expect(await store.read([key])).toMatchObject([{ used: 1 }]);
});
