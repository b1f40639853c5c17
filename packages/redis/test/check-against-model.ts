import fc from 'fast-check';
import { expect } from 'vitest';
import type { CacheStore } from '../src/index.ts';
import { isFresh } from './cache-fixture.ts';
import { type Key, ModelTenant, TAGS_OF } from './cache-model.ts';

const key = fc.constantFrom(...(Object.keys(TAGS_OF) as Key[]));
const reader = fc.constantFrom('one', 'two');
const tags = fc.subarray(['a', 'b', 'c']);
/** Relative to the watermark, so that commits often follow each other and often leave a gap. */
const step = fc.integer({ min: -1, max: 4 });

/** JSON has no negative zero, and fast-check does. */
const value = fc.jsonValue({ maxDepth: 1 }).map((made): unknown => JSON.parse(JSON.stringify(made)));

/** Which computation under way ends: mostly the last that was begun. */
const age = fc.constantFrom(0, 0, 1, 3);

const command = fc.record({
  store: fc.nat(),
  tenant: fc.constantFrom(0, 0, 0, 1),
  action: fc.oneof(
    { weight: 4, arbitrary: fc.record({ does: fc.constant('read'), key, reader }) },
    { weight: 3, arbitrary: fc.record({ does: fc.constant('begin'), key, reader }) },
    { weight: 3, arbitrary: fc.record({ does: fc.constant('write'), age, value }) },
    {
      weight: 3,
      arbitrary: fc.record({ does: fc.constant('apply'), step, tags, readers: fc.subarray(['one', 'two']) }),
    },
    { weight: 1, arbitrary: fc.record({ does: fc.constant('catchUp'), step, tags }) },
    { weight: 1, arbitrary: fc.record({ does: fc.constant('renew'), tags }) },
  ),
});
type Command = typeof command extends fc.Arbitrary<infer T> ? T : never;
type Tally = { fresh: number; stale: number; none: number; gaps: number };

/** Holds stores that share everything to the model, by commands at random, each at any of them. */
export async function checkAgainstModel(stores: readonly CacheStore[], { runs }: { runs: number }): Promise<void> {
  const tally: Tally = { fresh: 0, stale: 0, none: 0, gaps: 0 };
  await fc.assert(
    fc.asyncProperty(fc.array(command, { minLength: 10, maxLength: 60, size: 'max' }), async (commands) => {
      const tenants = [new ModelTenant(), new ModelTenant()];
      for (const { store, tenant, action } of commands) {
        await run(stores[store % stores.length] as CacheStore, tenants[tenant] as ModelTenant, action, tally);
      }
    }),
    { numRuns: runs },
  );
  // Each is what some of the laws are about: without them, nothing was shown.
  expect(Math.min(tally.fresh, tally.stale, tally.none, tally.gaps)).toBeGreaterThan(runs / 4);
}

async function run(store: CacheStore, tenant: ModelTenant, action: Command['action'], tally: Tally): Promise<void> {
  switch (action.does) {
    case 'read':
    case 'begin': {
      const reading = await store.read(tenant.questionOf(action.key, action.reader));
      const state = tenant.judge(action.key, action.reader, reading);
      expect(isFresh(reading)).toBe(state === 'fresh');
      tally[state] += 1;
      if (action.does === 'begin') tenant.begin(action.key, reading.generations);
      return;
    }
    case 'write': {
      const finished = tenant.finish(action.age, action.value);
      if (finished !== undefined) await store.write(tenant.id, finished.key, finished.entry, 60_000);
      return;
    }
    case 'apply': {
      const seq = Math.max(1, (tenant.watermark ?? 0) + action.step);
      const { tags, readers } = action;
      tenant.apply(seq, tags, readers);
      if ((tenant.watermark ?? 0) < seq) tally.gaps += 1;
      return store.apply({ tenantId: tenant.id, seq, tags, readers });
    }
    case 'catchUp': {
      const seq = Math.max(0, (tenant.watermark ?? 0) + action.step);
      tenant.catchUp(seq, action.tags);
      return store.catchUp(tenant.id, seq, action.tags);
    }
    case 'renew':
      tenant.renew(action.tags);
      return store.renew(tenant.id, action.tags);
  }
}
