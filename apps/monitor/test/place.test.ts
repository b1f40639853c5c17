import type { Filters } from '@tidemark/schemas';
import { DASHBOARD_ADDRESSES } from '@tidemark/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toDashboardExtras } from '../src/place/dashboard-extras.ts';
import { parseFilterText, toFilterText } from '../src/place/filter-text.ts';
import { type Place, reducePlace } from '../src/place/place.ts';
import { toPlaceAction } from '../src/place/place-input.ts';
import { toDashboardUrl } from '../src/place/to-dashboard-url.ts';
import { ACME, GLOBEX, placeFixture } from './place-fixture.ts';

const NO_KEY = { escape: false, return: false, tab: false, shift: false, backspace: false, delete: false };

/** Types as a person does: a character, or a key by its name. */
function type(place: Place, keys: readonly string[]): Place {
  return keys.reduce((now, key) => {
    const isNamed = key in NO_KEY;
    const action = toPlaceAction(isNamed ? '' : key, { ...NO_KEY, ...(isNamed && { [key]: true }) }, now);
    return action === undefined || typeof action === 'string' ? now : reducePlace(now, action);
  }, place);
}

test('numbers and tab choose views, both ways round', () => {
  expect(type(placeFixture(), ['3']).view).toBe('breakdown');
  expect(type(placeFixture(), ['tab']).view).toBe('events');
  expect(reducePlace(placeFixture(), { type: 'viewStepped', by: -1 }).view).toBe('lab');
  expect(type(placeFixture(), ['6']).view).toBe('overview');
});

test('tenant, range and interval step both ways, round the ends', () => {
  expect(type(placeFixture(), ['t']).tenant).toBe(GLOBEX);
  expect(type(placeFixture(), ['t', 't']).tenant).toBe(ACME);
  expect(type(placeFixture(), ['T']).tenant).toBe(GLOBEX);
  expect(type(placeFixture(), ['r']).range).toBe('7d');
  expect(type(placeFixture(), ['R', 'R', 'R']).range).toBe('90d');
  expect(type(placeFixture(), ['i']).interval).toBe('minute');
  expect(type(placeFixture(), ['I']).interval).toBe('month');
});

test('a filter is typed after a slash; every key is part of it until it is entered or left', () => {
  const typed = type(placeFixture(), ['/', ...Array.from('quit=1 x'), 'backspace', 'backspace']);
  expect(typed.prompt?.text).toBe('quit=1');
  expect(type(typed, ['return'])).toMatchObject({
    prompt: undefined,
    filters: { properties: [{ path: 'quit', in: [1] }] },
  });
  expect(type(typed, ['escape'])).toMatchObject({ prompt: undefined, filters: {} });
  expect(type(placeFixture(), ['/', ...Array.from('device=watch'), 'return']).prompt?.flaw).toMatch(/^devices: /);
});

test('the filter there is can be changed', () => {
  const filtered = placeFixture({ type: 'filtered', filters: { types: ['a b'], userId: 'ada' } });
  expect(type(filtered, ['/']).prompt?.text).toBe('"a b" user=ada');
});

test('q and o are for whoever owns the screen, escape closes the help and nothing else', () => {
  expect(toPlaceAction('q', NO_KEY, placeFixture())).toBe('quit');
  expect(toPlaceAction('o', NO_KEY, placeFixture())).toBe('open');
  expect(type(placeFixture(), ['?']).isHelpOpen).toBe(true);
  expect(type(placeFixture(), ['?', 'escape']).isHelpOpen).toBe(false);
  expect(toPlaceAction('', { ...NO_KEY, escape: true }, placeFixture())).toBeUndefined();
});

test.for(DASHBOARD_ADDRESSES)('the dashboard is opened at $address', ({ shows, address }) => {
  const place = { ...placeFixture(), ...shows };
  expect(toDashboardUrl('http://127.0.0.1:5173', place)).toBe(`http://127.0.0.1:5173${address}`);
});

test.each([
  ['plan=5', 'plan="5"'],
  ['plan="5"', 'plan=5'],
  ['plan=true size=1.5 size="1.5"', 'plan="true"'],
  ['a.b="false" a.b=x', 'a.b=false'],
  ['plan="5.0" plan=pro plan=null signup', ''],
])('for %s the dashboard counts %j too', (text, extras) => {
  const parsed = parseFilterText(text);
  expect('filters' in parsed && toFilterText(toDashboardExtras(parsed.filters))).toBe(extras);
});

test.each(['"open', 'plan=', '"a\\q"', 'user=a user=b', 'type=""'])('%s is refused in words', (text) => {
  expect(parseFilterText(text)).toHaveProperty('flaw');
});

test('every filter can be typed: reading what is shown gives it back', () => {
  const text = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
    .filter((value) => !/[\0\p{Cs}]/u.test(value));
  const path = fc.stringMatching(/^[a-z][\w.-]{0,10}$/).filter((name) => !['type', 'device', 'user'].includes(name));
  const value = fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null));
  const filters: fc.Arbitrary<Filters> = fc.record(
    {
      types: fc.uniqueArray(text, { minLength: 1, maxLength: 3 }),
      devices: fc.uniqueArray(fc.constantFrom('desktop', 'mobile', null), { minLength: 1 }),
      userId: text,
      properties: fc.uniqueArray(fc.record({ path, in: fc.array(value, { minLength: 1, maxLength: 3 }) }), {
        selector: (property) => property.path,
        minLength: 1,
        maxLength: 3,
      }),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(filters, (given) => {
      expect(parseFilterText(toFilterText(given))).toEqual({ filters: given });
    }),
  );
});
