import { expect, test } from 'vitest';
import { toOverviewAction } from '../src/overview/overview-input.ts';

const NO_KEY = { escape: false };
const ESCAPE = { escape: true };

test.each([
  ['q', 'quit'],
  ['?', { type: 'helpToggled' }],
  ['t', { type: 'tenantStepped', by: 1 }],
  ['T', { type: 'tenantStepped', by: -1 }],
  ['r', { type: 'rangeStepped', by: 1 }],
  ['R', { type: 'rangeStepped', by: -1 }],
  ['x', undefined],
])('%s', (input, action) => {
  expect(toOverviewAction(input, NO_KEY, false)).toEqual(action);
});

test('escape closes the help and nothing else', () => {
  expect(toOverviewAction('', ESCAPE, true)).toEqual({ type: 'helpToggled' });
  expect(toOverviewAction('', ESCAPE, false)).toBeUndefined();
});
