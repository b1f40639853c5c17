import { expect, test } from 'vitest';
import { SparseLines } from '../src/http/sparse-lines.ts';

test('a code has one line a second, which tells how many were left out before it', () => {
  let now = 0;
  const lines = new SparseLines(() => now);
  expect(lines.take('overloaded')).toBe(0);
  now = 999;
  expect([lines.take('overloaded'), lines.take('overloaded')]).toEqual([undefined, undefined]);
  now = 1_000;
  expect([lines.take('overloaded'), lines.take('overloaded')]).toEqual([2, undefined]);
  now = 10_000;
  expect(lines.take('overloaded')).toBe(1);
  now = 20_000;
  expect(lines.take('overloaded')).toBe(0);
});

test('codes have lines of their own', () => {
  const lines = new SparseLines(() => 0);
  expect([lines.take('overloaded'), lines.take('unavailable'), lines.take('overloaded')]).toEqual([0, 0, undefined]);
});
