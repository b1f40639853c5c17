import { expect, test } from 'vitest';
import { createInProcessCacheStore } from '../src/index.ts';
import { cacheContract } from './cache-contract.ts';
import { ask, entryFixture, isFresh, keep } from './cache-fixture.ts';

cacheContract('in-process', { openStore: async () => createInProcessCacheStore(), modelRuns: 500 });

test('an in-process cache store says what it is', async () => {
  await using store = createInProcessCacheStore();
  expect([store.isShared, store.isAvailable]).toEqual([false, true]);
});

test('an in-process cache store drops the answers that were unused for longest, by their bytes', async () => {
  const value = 'ü'.repeat(500);
  await using store = createInProcessCacheStore({ maxBytes: 4_000 });
  for (const key of ['one', 'two', 'three']) await store.write('tenant', key, entryFixture({ value }), 60_000);
  await ask(store, { tenantId: 'tenant', key: 'one' });
  await store.write('tenant', 'four', entryFixture({ value }), 60_000);
  const readings = ['one', 'two', 'three', 'four'].map((key) => ask(store, { tenantId: 'tenant', key }));
  const found = (await Promise.all(readings)).map(({ entry }) => entry !== undefined);
  expect(found).toEqual([true, false, true, true]);
});

test('an answer whose tag was dropped is stale, and stays so', async () => {
  await using store = createInProcessCacheStore({ maxTags: 3 });
  await keep(store, { tenantId: 'tenant', tags: ['a'] });
  await store.renew('tenant', ['b', 'c', 'd']);
  for (let round = 0; round < 2; round += 1) {
    expect(isFresh(await ask(store, { tenantId: 'tenant', tags: ['a'] }))).toBe(false);
  }
});

test('of a tenant that was dropped nothing is left', async () => {
  await using store = createInProcessCacheStore({ maxTenants: 2 });
  await keep(store, { tenantId: 'one', tags: ['a'] });
  await store.catchUp('one', 3, []);
  await store.apply({ tenantId: 'one', seq: 4, tags: [], readers: ['reader'] });
  await store.renew('two', ['a']);
  await store.renew('three', ['a']);
  const reading = await ask(store, { tenantId: 'one', tags: ['a'] });
  expect(reading).toMatchObject({ entry: undefined, acknowledgedSeq: 0, watermark: undefined });
});

test('a reader who is no longer told apart is taken for having written', async () => {
  await using store = createInProcessCacheStore();
  await store.apply({ tenantId: 'tenant', seq: 7, tags: [], readers: ['reader'] });
  const others = Array.from({ length: 200 }, (_, index) => `other ${index}`);
  await store.apply({ tenantId: 'tenant', seq: 9, tags: [], readers: others });
  expect((await ask(store, { tenantId: 'tenant', reader: 'reader' })).acknowledgedSeq).toBeGreaterThanOrEqual(7);
  expect((await ask(store, { tenantId: 'tenant', reader: 'other 199' })).acknowledgedSeq).toBe(9);
});
