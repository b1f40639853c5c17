import { expect, test } from 'vitest';
import { toBackoffMs } from '../src/backoff.ts';

test('the back-off doubles to a ceiling', () => {
  const longest = [0, 1, 2, 3, 4, 5, 6, 60].map((attempt) => toBackoffMs(attempt, () => 1));
  expect(longest).toEqual([500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000, 10_000]);
});

test('half of it is random', () => {
  expect(toBackoffMs(2, () => 0)).toBe(1_000);
  expect(toBackoffMs(2, () => 0.5)).toBe(1_500);
});
