import { expect, test } from 'vitest';
import { toRangeName } from '../src/lib/overview/range-name.ts';

const plain = (text: string) => text.replaceAll(/[\u00a0\u2009\u202f]/g, ' ');

test.each([
  ['90d', 'the last 90 days'],
  [{ from: '2026-11-20', to: '2026-11-20' }, 'Nov 20, 2026'],
  [{ from: '2026-11-20', to: '2026-11-23' }, 'Nov 20 – 23, 2026'],
  [{ from: '2026-11-23T09:00:00Z', to: '2026-11-23T12:00:00Z' }, 'Nov 23, 10:00 – 13:00'],
  [{ from: '2026-10-31T23:00:00Z', to: '2026-11-30T23:00:00Z' }, 'Nov 1 – 30, 2026'],
  [{ from: '2026-11-20', to: '2026-11-23T12:30:00Z' }, 'Nov 20, 2026 – Nov 23, 2026, 13:30'],
  [{ from: '2026-11-19T23:30:00Z', to: '2026-11-23' }, 'Nov 20, 2026, 00:30 – Nov 23, 2026'],
] as const)('the range %j is called %s', (range, name) => {
  expect(plain(toRangeName(range, 'Europe/Berlin'))).toBe(name);
});
