import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  CHARTS,
  DEFAULT_VIEW,
  INTERVALS,
  LAST_RANGES,
  METRICS,
  parseView,
  toSearch,
  type View,
} from '../src/lib/overview/view.ts';
import { anyConditions } from './fixtures/any-conditions.ts';

const day = fc
  .date({ min: new Date('2006-01-01'), max: new Date('2027-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString());
const customRange = fc.oneof(
  fc.record({ from: day.map((iso) => iso.slice(0, 10)), to: day.map((iso) => iso.slice(0, 10)) }),
  fc.record({ from: day, to: day }),
);
const anyView: fc.Arbitrary<View> = fc.record({
  range: fc.oneof(fc.constantFrom(...LAST_RANGES), customRange),
  interval: fc.constantFrom('auto' as const, ...INTERVALS),
  timeZone: fc.constantFrom(undefined, 'UTC', 'Asia/Kathmandu', 'America/St_Johns'),
  groupBy: fc.constantFrom('type' as const, 'device' as const),
  compare: fc.boolean(),
  conditions: anyConditions,
  property: fc.constantFrom(undefined, 'plan', 'cart.currency'),
  metric: fc.constantFrom(...METRICS),
  chart: fc.constantFrom(...CHARTS),
});

test('every view survives the way through its URL', () => {
  fc.assert(
    fc.property(anyView, (view) => {
      expect(parseView(new URLSearchParams(toSearch(view)))).toEqual(view);
    }),
  );
});

test('the default view needs no query string, and a tenant comes first in any', () => {
  expect(toSearch(DEFAULT_VIEW)).toBe('');
  expect(toSearch({ ...DEFAULT_VIEW, range: '7d' }, 'acme')).toBe('?tenant=acme&range=7d');
});

test.each([
  ['range=2y', 'a range that there is not'],
  ['from=2026-11-01', 'half a range'],
  ['from=2026-13-01&to=2026-14-01', 'months that there are not'],
  ['interval=second', 'an interval that there is not'],
  ['tz=Mars/Olympus', 'a zone of another planet'],
  ['tz=%2B01:00', 'an offset instead of a zone'],
  ['by=colour&metric=mood&chart=pie', 'words of another product'],
])('%s is read as the default: %s', (search) => {
  expect(parseView(new URLSearchParams(search))).toEqual(DEFAULT_VIEW);
});
