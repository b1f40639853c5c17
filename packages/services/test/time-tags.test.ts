import { clearCacheInputSchema } from '@tidemark/schemas';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ROOT_TAG, toDependencies, toRenewals } from '../src/cache/time-tags.ts';

const DAY_MS = 86_400_000;
const range = (from: string, to: string) => ({ from: Date.parse(from), to: Date.parse(to) });

test.each([
  ['within a day', range('2026-11-22T10:00Z', '2026-11-22T11:00Z'), ['d:2026-11-22']],
  ['over midnight', range('2026-11-22T23:59Z', '2026-11-23T00:01Z'), ['d:2026-11-22', 'd:2026-11-23']],
  ['up to midnight', range('2026-11-22T10:00Z', '2026-11-23'), ['d:2026-11-22']],
  ['a month', range('2026-02-01', '2026-03-01'), ['m:2026-02']],
  ['a month but for its last minute', range('2024-02-01', '2024-02-29T23:59Z'), ['m:2024-02']],
  ['a year with a month and a day', range('2024-01-01', '2025-02-02'), ['y:2024', 'm:2025-01', 'd:2025-02-01']],
])('%s depends on its fewest days, months and years', (_name, asked, tags) => {
  expect(toDependencies([asked])).toEqual([ROOT_TAG, ...tags]);
});

const day = fc.integer({ min: Date.parse('2006-12-25') / DAY_MS, max: Date.parse('2027-01-05') / DAY_MS });

test('an answer depends on a commit exactly where a UTC day of its ranges was touched', () => {
  const seen = { touched: 0, spared: 0, year: 0, month: 0 };
  fc.assert(
    fc.property(
      day,
      fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 1_900 })),
      fc.tuple(fc.nat(DAY_MS - 1), fc.nat(DAY_MS - 1)),
      fc.array(fc.oneof(day, fc.integer({ min: -3, max: 3 })), { minLength: 1, maxLength: 3 }),
      (first, length, [late, early], given) => {
        const asked = { from: first * DAY_MS + late, to: (first + length) * DAY_MS - early };
        fc.pre(asked.from < asked.to);
        // Small numbers stand for days beside an end of the range.
        const touched = given.map((value, place) =>
          value > 10 ? value : (place % 2 ? first + length : first) + value,
        );
        const isIn = touched.some((one) => one * DAY_MS < asked.to && (one + 1) * DAY_MS > asked.from);
        const dependencies = toDependencies([asked]);
        const renewals = new Set(toRenewals(touched.map((one) => new Date(one * DAY_MS).toISOString().slice(0, 10))));
        expect(dependencies.some((tag) => renewals.has(tag))).toBe(isIn);
        expect(dependencies.length).toBeLessThanOrEqual(1 + 2 * 30 + 2 * 11 + 5);
        seen.touched += Number(isIn);
        seen.spared += Number(!isIn);
        seen.year += Number(dependencies.some((tag) => tag.startsWith('y:')));
        seen.month += Number(dependencies.some((tag) => tag.startsWith('m:')));
      },
    ),
    { numRuns: 2_000 },
  );
  for (const [name, count] of Object.entries(seen)) expect(count, name).toBeGreaterThan(100);
});

test('only what there is on a calendar can be cleared', () => {
  const takes = (tag: string) => clearCacheInputSchema.safeParse({ tags: [tag] }).success;
  expect(['d:2026-11-22', 'd:2024-02-29', 'm:2026-12', 'y:2026'].filter((tag) => !takes(tag))).toEqual([]);
  const none = [
    'd:2026-02-31',
    'd:2026-02-29',
    'd:2026-13-01',
    'm:2026-13',
    'm:2026-00',
    'd:2026-11',
    'y:2026-11',
    'root',
  ];
  expect(none.filter(takes)).toEqual([]);
});
