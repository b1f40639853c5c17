import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { formatChange } from '../src/format/format-change.ts';
import { formatCount, formatPerSecond, formatShare } from '../src/format/format-number.ts';
import { formatAge, formatBucket, formatClock } from '../src/format/format-time.ts';
import { toCell } from '../src/format/to-cell.ts';
import { toPrintable } from '../src/format/to-printable.ts';
import { toProvenance } from '../src/format/to-provenance.ts';
import { summaryFixture } from './summary-fixture.ts';

test('counts keep every digit that fits', () => {
  expect([0, 1_234, 999_999_999, 12_345_678_901].map(formatCount)).toEqual(['0', '1,234', '999,999,999', '12.3B']);
});

test('rates show a digit after the point while it matters', () => {
  expect([0, 0.04, 12.34, 99.96, 1_234.5].map(formatPerSecond)).toEqual(['0.0', '0.0', '12.3', '100.0', '1,235']);
});

test('shares are of all events', () => {
  expect(formatShare(1, 3)).toBe('33.3%');
  expect(formatShare(0, 0)).toBe('');
});

test.each([
  [110, 100, 'up', '▲ 10.0%'],
  [90, 100, 'down', '▼ 10.0%'],
  [100, 100, 'same', '='],
  [300, 100, 'up', '▲ 200%'],
  [1_000_000, 1, 'up', '▲ >999%'],
  [5, 0, 'new', 'new'],
  [0, 0, 'same', '='],
  [5, undefined, 'unknown', ''],
] as const)('%s after %s', (now, before, direction, text) => {
  expect(formatChange(now, before)).toEqual({ direction, text });
});

test('times are told in the zone of the tenant', () => {
  const instant = '2026-11-22T23:30:05.000Z';
  expect(formatClock(instant, 'Asia/Kathmandu')).toBe('05:15:05');
  expect(formatBucket(instant, 'minute', 'UTC')).toBe('23:30');
  expect(formatBucket(instant, 'hour', 'Europe/Berlin')).toBe('23 Nov, 00:30');
  expect(formatBucket(instant, 'day', 'Europe/Berlin')).toBe('23 Nov');
  expect(formatBucket(instant, 'month', 'Europe/Berlin')).toBe('Nov 2026');
});

test('ages have one unit', () => {
  expect([-5, 400, 12_000, 99_000, 120_000, 7_200_000].map(formatAge)).toEqual([
    '0 s',
    '0 s',
    '12 s',
    '99 s',
    '2 min',
    '2 h',
  ]);
});

test('a name cannot move the cursor or turn the line around', () => {
  expect(toPrintable('a\u001b[2Jb\u202ec\nd')).toBe('a·[2Jb·c·d');
  expect(toPrintable('größe 👍')).toBe('größe 👍');
});

test('provenance says what matters first', () => {
  const { meta } = summaryFixture();
  expect(toProvenance(meta)).toBe('exact · from rollup · as of 17:30:00 · computed now · 2.4 ms');
  const degraded = { reason: 'overloaded', level: 1, requested: 'minute', served: 'hour' } as const;
  const cache = { ...meta.cache, status: 'stale', ageMs: 12_000 } as const;
  expect(toProvenance({ ...meta, exact: false, degraded, cache })).toBe(
    'NOT EXACT · degraded (overloaded): hour for minute · from rollup · as of 17:30:00 · cache stale, 12 s old · 2.4 ms',
  );
});

test.each([
  ['ada', 6, 'ada   '],
  ['adalov', 6, 'adal… '],
  ['', 3, '   '],
  ['añb', 5, 'añb  '],
  ['日本語', 7, '日本語 '],
  ['日本語日', 7, '日本…  '],
  ['👩‍👩‍👧x👩‍👩‍👧', 5, '👩‍👩‍👧x… '],
])('%j in %i columns', (text, width, cell) => {
  expect(toCell(text, width)).toBe(cell);
  expect(stringWidth(cell)).toBe(width);
});
