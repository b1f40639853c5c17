import { filtersSchema } from '@tidemark/schemas';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  hasCondition,
  parseConditions,
  toFilters,
  toggleCondition,
  writeConditions,
} from '../src/lib/filters/condition.ts';
import { toPropertyPaths } from '../src/lib/overview/property-paths.ts';
import { anyConditions } from './fixtures/any-conditions.ts';

test('conditions survive the way through a URL, whatever names and values hold', () => {
  fc.assert(
    fc.property(anyConditions, (conditions) => {
      const params = new URLSearchParams();
      writeConditions(conditions, params);
      expect(parseConditions(new URLSearchParams(params.toString()))).toEqual(conditions);
    }),
  );
});

test('what they ask for is what the API takes', () => {
  fc.assert(
    fc.property(anyConditions, (conditions) => {
      expect(filtersSchema.safeParse(toFilters(conditions)).error).toBeUndefined();
    }),
  );
});

test('a condition that is chosen twice is gone again', () => {
  fc.assert(
    fc.property(anyConditions, (conditions) => {
      const one = { field: 'property', path: 'not.generated.so.long', key: null } as const;
      const chosen = toggleCondition(conditions, one);
      expect(hasCondition(chosen, one)).toBe(true);
      expect(toggleCondition(chosen, one)).toEqual(conditions);
    }),
  );
});

test('another user takes the place of the first', () => {
  const grace = { field: 'user', key: 'grace' } as const;
  expect(toggleCondition([{ field: 'user', key: 'ada' }], grace)).toEqual([grace]);
});

test('values of one property are alternatives; what looks like a number is asked for as both', () => {
  const conditions = parseConditions(new URLSearchParams('where=plan:pro&where=plan&where=seats:5&device='));
  expect(toFilters(conditions)).toEqual({
    devices: [null],
    properties: [
      { path: 'plan', in: ['pro', null] },
      { path: 'seats', in: ['5', 5] },
    ],
  });
});

test.each(['type=', 'device=toaster', 'user=', 'where=', 'where=:x', 'where=%25zz:1'])(
  '%s is as if absent',
  (search) => {
    expect(parseConditions(new URLSearchParams(search))).toEqual([]);
  },
);

test('the properties that most events have come first, by their dotted paths', () => {
  const events = [{ properties: { plan: 'pro', cart: { currency: 'EUR' } } }, { properties: { plan: 'free' } }];
  expect(toPropertyPaths(events)).toEqual(['plan', 'cart.currency']);
});

test('a property that no path leads to is not offered', () => {
  expect(toPropertyPaths([{ properties: { 'cart.currency': 'EUR', '': 1, plan: 'pro' } }])).toEqual(['plan']);
});
