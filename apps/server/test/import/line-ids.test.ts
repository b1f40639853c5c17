import { eventInputSchema } from '@tidemark/schemas';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LineIds } from '../../src/import/line-ids.ts';
import { OccurrenceCounter } from '../../src/import/occurrence-counter.ts';

const AT = '2015-05-17T10:05:03.000Z';

function toIds(lines: readonly string[]): string[] {
  using ids = new LineIds();
  return lines.map((line) => ids.next(Buffer.from(line), AT));
}

test('ids are UUIDs that only the line and its occurrence decide', () => {
  const [first, second, third] = toIds(['a', 'a', 'b']);
  expect(new Set([first, second, third]).size).toBe(3);
  expect(toIds(['b', 'a', 'c', 'a']).slice(0, 2)).toEqual([third, first]);
  expect(eventInputSchema.safeParse({ id: first, type: 'x' }).success).toBe(true);
  // Pinned: other ids would make every log that was imported before count again.
  expect(first).toBe('ca978112-ca1b-8dca-bac2-31b39a23dc4d');
});

test('the order of the lines does not change which ids there are', () => {
  const lines = fc.array(fc.constantFrom('a', 'b', 'c', 'd'));
  const shuffled = lines.chain((given) =>
    fc.tuple(fc.constant(given), fc.shuffledSubarray(given, { minLength: given.length })),
  );
  fc.assert(
    fc.property(shuffled, ([given, mixed]) => {
      expect(toIds(mixed).toSorted()).toEqual(toIds(given).toSorted());
    }),
  );
});

test('counts stay exact when memory holds far fewer lines than there are', () => {
  const line = fc.record({ second: fc.integer({ min: 0, max: 5 }), name: fc.integer({ min: 0, max: 30 }) });
  fc.assert(
    fc.property(fc.array(line, { maxLength: 300 }), fc.integer({ min: 1, max: 20 }), (lines, generationSize) => {
      using counter = new OccurrenceCounter(generationSize);
      const truth = new Map<string, number>();
      for (const { second, name } of lines) {
        const key = `${second} ${name}`;
        const seen = truth.get(key) ?? 0;
        truth.set(key, seen + 1);
        expect(counter.count(second, key)).toBe(seen);
      }
    }),
  );
});
