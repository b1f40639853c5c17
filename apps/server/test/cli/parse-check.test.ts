import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Measure } from '../../src/cli/check/check.ts';
import { asksForPrevious, evaluateCheck, type Measured, toMeasures } from '../../src/cli/check/evaluate-check.ts';
import { parseCheck } from '../../src/cli/check/parse-check.ts';

const COUNTS: Readonly<Record<string, Measured>> = {
  'signup.events': { now: 70, previous: 100 },
  'signup.users': { now: 7, previous: 9 },
  'page view.events': { now: 1_000, previous: 500 },
  'null.events': { now: 2_000, previous: 1_000 },
  'null.users': { now: 50, previous: 40 },
  'quiet.events': { now: 0, previous: 0 },
};

const countOf = ({ type, of }: Measure): Measured =>
  COUNTS[`${type}.${of}`] ?? { now: Number.NaN, previous: Number.NaN };

test.each([
  ['signup >= 0.7 * previous', true],
  ['signup > 0.7 * previous', false],
  ['signup.users <= 7', true],
  ['"page view" == 2 * previous', true],
  ['signup / "page view" < previous(signup) / previous("page view")', true],
  ['events - signup * 2 != 1860', false],
  ['(users + 50) / 2 == 50', true],
  ['previous(users) < users', true],
  ['3 <= 2', false],
])('%s: %s', (text, holds) => {
  expect(evaluateCheck(parseCheck(text), countOf)?.holds).toBe(holds);
});

test('what divides by nothing is not decided', () => {
  expect(evaluateCheck(parseCheck('signup / quiet > 1'), countOf)).toBeUndefined();
});

test('what compares with a range that is no longer kept is not decided, and anything else is', () => {
  const forgotten = { now: 70, previous: undefined };
  const [compares, counts] = [parseCheck('signup >= 0.7 * previous'), parseCheck('signup > 1')];
  expect([asksForPrevious(compares), evaluateCheck(compares, () => forgotten)]).toEqual([true, undefined]);
  expect([asksForPrevious(counts), evaluateCheck(counts, () => forgotten)?.holds]).toEqual([false, true]);
});

test('each count is asked for once', () => {
  expect(toMeasures(parseCheck('signup + signup.users > previous + signup'))).toEqual([
    { type: 'signup', of: 'events' },
    { type: 'signup', of: 'users' },
  ]);
});

test.each([
  ['signup', 'compares nothing'],
  ['signup >', 'cannot be read'],
  ['previous > 3', 'comes after what it is of'],
  ['signup.bytes > 3', 'no "bytes"'],
  ['max(signup) > 3', 'the only function is previous'],
  ['signup % 2 == 0', 'is none of'],
  ['signup > 3 > 2', 'is none of'],
  ['signup[0] > 3', 'a type is a name'],
  ['[signup] > 3', 'cannot be counted'],
])('%s is refused, with how one looks', (text, why) => {
  expect(() => parseCheck(text)).toThrow(why);
  expect(() => parseCheck(text)).toThrow("A check looks like 'signup >= 0.7 * previous'");
});

test('whatever is typed is understood or refused in words', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      try {
        evaluateCheck(parseCheck(text), countOf);
      } catch (error) {
        expect(error).toMatchObject({ name: 'CliError', exitCode: 2 });
      }
    }),
  );
});
