import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { CacheStore } from '../src/index.ts';
import { ask, entryFixture, isFresh, keep } from './cache-fixture.ts';
import { checkAgainstModel } from './check-against-model.ts';

const KEEP_MS = 60_000;

export type CacheContractOptions = {
  readonly openStore: () => Promise<CacheStore>;
  /** How many random histories are compared with the model. */
  readonly modelRuns: number;
};

/** What every cache store keeps, wherever it keeps it. */
export function cacheContract(name: string, { openStore, modelRuns }: CacheContractOptions): void {
  describe(`${name} cache store`, () => {
    test('knows nothing of a question that nobody asked', async () => {
      await using store = await openStore();
      const reading = await ask(store, { tags: ['a', 'b'] });
      expect(reading).toMatchObject({ entry: undefined, acknowledgedSeq: 0, watermark: undefined });
      expect(reading.generations).toHaveLength(2);
    });

    test('serves an answer as fresh while the generations of its tags stand', async () => {
      await using store = await openStore();
      const tenantId = randomUUID();
      const entry = await keep(store, { tenantId, tags: ['a', 'b'] });
      const reading = await ask(store, { tenantId, tags: ['a', 'b'] });
      expect(reading.entry).toEqual(entry);
      expect(isFresh(reading)).toBe(true);
    });

    test('keeps whatever JSON holds', async () => {
      await using store = await openStore();
      const tenantId = randomUUID();
      for (const value of [null, 0, '', [], {}, { text: '… "{}" \u0000 \ud83c\udf0a', deep: [[{ a: -1.5e-300 }]] }]) {
        await store.write(tenantId, 'question', entryFixture({ value }), KEEP_MS);
        expect((await ask(store, { tenantId, tags: [] })).entry?.value).toEqual(value);
      }
    });

    test('has an answer without tags stand until it is replaced', async () => {
      await using store = await openStore();
      const tenantId = randomUUID();
      await keep(store, { tenantId, tags: [] });
      await store.renew(tenantId, ['a']);
      expect(isFresh(await ask(store, { tenantId, tags: [] }))).toBe(true);
    });

    test('takes out exactly what depends on a renewed tag, and still has it as stale', async () => {
      await using store = await openStore();
      const tenantId = randomUUID();
      const questions = [['a'], ['b'], ['a', 'b'], ['c']].map((tags) => ({ tenantId, key: tags.join('+'), tags }));
      for (const question of questions) await keep(store, question);
      await store.renew(tenantId, ['a']);
      const readings = await Promise.all(questions.map((question) => ask(store, question)));
      expect(readings.map(isFresh)).toEqual([false, true, false, true]);
      expect(readings.every(({ entry }) => entry !== undefined)).toBe(true);
    });

    test.each(['apply', 'catchUp', 'renew'] as const)('%s renews what it is given, at once', async (how) => {
      await using store = await openStore();
      const tenantId = randomUUID();
      const renewing = {
        apply: () => store.apply({ tenantId, seq: 1, tags: ['a'], readers: [] }),
        catchUp: () => store.catchUp(tenantId, 1, ['a']),
        renew: () => store.renew(tenantId, ['a']),
      };
      const before = await ask(store, { tenantId, tags: ['a', 'b'] });
      await renewing[how]();
      const after = await ask(store, { tenantId, tags: ['a', 'b'] });
      expect(after.generations[0]).not.toBe(before.generations[0]);
      expect(after.generations[1]).toBe(before.generations[1]);
    });

    test('begins a generation once, whoever reads it', async () => {
      await using store = await openStore();
      const tenantId = randomUUID();
      const readings = await Promise.all(Array.from({ length: 5 }, () => ask(store, { tenantId, tags: ['a', 'a'] })));
      expect(new Set(readings.flatMap(({ generations }) => generations)).size).toBe(1);
    });

    test('never gives a tag a generation again', async () => {
      await using store = await openStore();
      const tenantId = randomUUID();
      const seen = new Set<string>();
      for (let round = 0; round < 20; round += 1) {
        const { generations } = await ask(store, { tenantId, tags: ['a'] });
        expect(seen.has(generations[0] ?? '')).toBe(false);
        seen.add(generations[0] ?? '');
        await store.renew(tenantId, ['a']);
      }
    });

    test('never takes an answer for fresh whose computation overlapped a change', async () => {
      await using store = await openStore();
      const question = { tenantId: randomUUID(), tags: ['a', 'b'] };
      const { generations } = await ask(store, question);
      await store.apply({ tenantId: question.tenantId, seq: 1, tags: ['b'], readers: [] });
      await store.write(question.tenantId, 'question', entryFixture({ generations }), KEEP_MS);
      expect(isFresh(await ask(store, question))).toBe(false);
    });

    test('replaces an answer by a later one', async () => {
      await using store = await openStore();
      const tenantId = randomUUID();
      await keep(store, { tenantId, tags: ['a'], value: 1 });
      await store.renew(tenantId, ['a']);
      const later = await keep(store, { tenantId, tags: ['a'], value: 2 });
      const reading = await ask(store, { tenantId, tags: ['a'] });
      expect(reading.entry).toEqual(later);
      expect(isFresh(reading)).toBe(true);
    });

    test('shows an acknowledgement to its reader alone, the highest one', async () => {
      await using store = await openStore();
      const tenantId = randomUUID();
      const acknowledged = async () =>
        Promise.all(
          ['one', 'two', 'three'].map(async (reader) => (await ask(store, { tenantId, reader })).acknowledgedSeq),
        );
      await store.apply({ tenantId, seq: 7, tags: [], readers: ['one', 'two'] });
      expect(await acknowledged()).toEqual([7, 7, 0]);
      await store.apply({ tenantId, seq: 9, tags: ['a'], readers: ['two'] });
      await store.apply({ tenantId, seq: 8, tags: ['a'], readers: ['two'] });
      expect(await acknowledged()).toEqual([7, 9, 0]);
      // Whose the acknowledgements up to there were is not known.
      await store.catchUp(tenantId, 8, []);
      expect(await acknowledged()).toEqual([8, 9, 8]);
    });

    test('forgets an answer after its time', async () => {
      await using store = await openStore();
      const tenantId = randomUUID();
      await keep(store, { tenantId, tags: ['a'], keepMs: 20 });
      await expect.poll(async () => (await ask(store, { tenantId, tags: ['a'] })).entry).toBeUndefined();
    });

    test.each([0, -1, 0.5, Number.NaN])('does not keep an answer for %d ms', async (keepMs) => {
      await using store = await openStore();
      const tenantId = randomUUID();
      await keep(store, { tenantId, tags: ['a'], keepMs });
      expect((await ask(store, { tenantId, tags: ['a'] })).entry).toBeUndefined();
    });

    test('does not keep an answer above 2 MiB, and leaves the one it has', async () => {
      await using store = await openStore();
      const tenantId = randomUUID();
      const entry = await keep(store, { tenantId, tags: ['a'] });
      await keep(store, { tenantId, tags: ['a'], value: 'ü'.repeat(1024 * 1024) });
      expect((await ask(store, { tenantId, tags: ['a'] })).entry).toEqual(entry);
      const large = await keep(store, { tenantId, tags: ['a'], value: 'u'.repeat(2 * 1024 * 1024 - 200) });
      expect((await ask(store, { tenantId, tags: ['a'] })).entry).toEqual(large);
    });

    test('never lets tenants share anything', async () => {
      await using store = await openStore();
      const [one, other] = [randomUUID(), randomUUID()];
      const entry = await keep(store, { tenantId: one, tags: ['a'] });
      await store.catchUp(one, 5, []);
      await store.apply({ tenantId: one, seq: 6, tags: [], readers: ['reader'] });
      const seen = await ask(store, { tenantId: other, tags: ['a'] });
      expect(seen).toMatchObject({ entry: undefined, acknowledgedSeq: 0, watermark: undefined });
      expect(seen.generations).not.toEqual(entry.generations);
      await store.apply({ tenantId: other, seq: 1, tags: ['a'], readers: [] });
      await store.catchUp(other, 2, ['a']);
      await store.renew(other, ['a']);
      const reading = await ask(store, { tenantId: one, tags: ['a'] });
      expect(isFresh(reading)).toBe(true);
      expect(reading).toMatchObject({ acknowledgedSeq: 6, watermark: 6 });
    });

    describe('its watermark', () => {
      const seqsOf = async (store: CacheStore, tenantId: string, seqs: readonly number[]) => {
        const marks: (number | undefined)[] = [];
        for (const seq of seqs) {
          await store.apply({ tenantId, seq, tags: ['a'], readers: [] });
          marks.push(await store.findWatermark(tenantId));
        }
        return marks;
      };

      test('is unknown until it is caught up with the database', async () => {
        await using store = await openStore();
        const tenantId = randomUUID();
        expect(await seqsOf(store, tenantId, [1, 2])).toEqual([undefined, undefined]);
        await store.catchUp(tenantId, 1, []);
        expect(await store.findWatermark(tenantId)).toBe(2);
      });

      test('moves with commits that follow each other', async () => {
        await using store = await openStore();
        const tenantId = randomUUID();
        await store.catchUp(tenantId, 0, []);
        expect(await store.findWatermark(tenantId)).toBe(0);
        expect(await seqsOf(store, tenantId, [1, 2, 3])).toEqual([1, 2, 3]);
      });

      test('waits at a gap, and takes what waited once it is filled', async () => {
        await using store = await openStore();
        const tenantId = randomUUID();
        await store.catchUp(tenantId, 10, []);
        expect(await seqsOf(store, tenantId, [12, 13, 15, 11, 14])).toEqual([10, 10, 10, 13, 15]);
      });

      test('skips a gap that was read from the database, and never goes back', async () => {
        await using store = await openStore();
        const tenantId = randomUUID();
        await store.catchUp(tenantId, 1, []);
        await seqsOf(store, tenantId, [3, 6, 9]);
        await store.catchUp(tenantId, 5, ['a']);
        expect(await store.findWatermark(tenantId)).toBe(6);
        await store.catchUp(tenantId, 2, ['a']);
        expect(await store.findWatermark(tenantId)).toBe(6);
        expect(await seqsOf(store, tenantId, [1, 2, 6, 7, 8])).toEqual([6, 6, 6, 7, 9]);
      });

      test('counts beyond what 32 bits hold', async () => {
        await using store = await openStore();
        const tenantId = randomUUID();
        const high = Number.MAX_SAFE_INTEGER - 3;
        await store.catchUp(tenantId, high, []);
        expect(await seqsOf(store, tenantId, [high + 2, high + 1, high + 3])).toEqual([high, high + 2, high + 3]);
      });

      test('goes on after more commits waited than are remembered', async () => {
        await using store = await openStore();
        const tenantId = randomUUID();
        await store.catchUp(tenantId, 0, []);
        const waiting = Array.from({ length: 1_100 }, (_, index) => index + 2);
        // In lots, as a machine with other work to do answers each within a command's time.
        for (let from = 0; from < waiting.length; from += 100) {
          const lot = waiting.slice(from, from + 100);
          await Promise.all(lot.map((seq) => store.apply({ tenantId, seq, tags: [], readers: [] })));
        }
        await store.apply({ tenantId, seq: 1, tags: [], readers: [] });
        // The lowest were given up, so that it stops at a gap rather than claims what it does not know.
        expect(await store.findWatermark(tenantId)).toBe(1);
        await store.catchUp(tenantId, 500, []);
        expect(await store.findWatermark(tenantId)).toBe(1_101);
      });
    });

    test('is the same as a model of it, whatever is done in whichever order', { timeout: 120_000 }, async () => {
      await using store = await openStore();
      await checkAgainstModel([store], { runs: modelRuns });
    });
  });
}
