import { expect, test } from 'vitest';
import { formatAge, formatDuration } from '../src/lib/format/age.ts';
import { formatRange, toBucketLabel } from '../src/lib/format/bucket-label.ts';
import { toChange } from '../src/lib/format/change.ts';
import { formatAverage, formatCount, formatRatio, formatShare } from '../src/lib/format/number.ts';

test('a change is a ratio to the period before', () => {
  expect(toChange(150, 100)).toEqual({ kind: 'up', ratio: 0.5 });
  expect(toChange(0, 100)).toEqual({ kind: 'down', ratio: -1 });
  expect(toChange(7, 7)).toEqual({ kind: 'same' });
});

test('without a period before, or with nothing in it, there is no change to speak of', () => {
  expect(toChange(5, 0)).toEqual({ kind: 'unknown' });
  expect(toChange(0, 0)).toEqual({ kind: 'unknown' });
});

test('numbers line up: fixed digits, one locale', () => {
  expect(formatCount(1234567)).toBe('1,234,567');
  expect([3.1, 99.999, 155].map(formatAverage)).toEqual(['3.10', '100.00', '155.0']);
  expect([1, 0.11, 0.0004, 0].map(formatShare)).toEqual(['100.0%', '11.0%', '<0.1%', '0.0%']);
  expect([0.034, -0.37, 2.5, 103].map(formatRatio)).toEqual(['3.4%', '37%', '250%', '104x']);
});

test('ages and durations are short', () => {
  expect([900, 12_000, 240_000, 7_300_000].map(formatAge)).toEqual(['just now', '12 s ago', '4 min ago', '2 h ago']);
  expect([0.4, 3.4, 1_240].map(formatDuration)).toEqual(['<1 ms', '3 ms', '1.2 s']);
});

test.each([
  ['minute', '2026-11-22T12:04:00.000Z', '2026-11-22T12:05:00.000Z', 'UTC', 'Sun, Nov 22, 12:04'],
  ['hour', '2026-11-22T12:00:00.000Z', '2026-11-22T13:00:00.000Z', 'Europe/Berlin', 'Sun, Nov 22, 13:00 to 14:00'],
  ['hour', '2026-11-22T12:15:00.000Z', '2026-11-22T13:15:00.000Z', 'Asia/Kathmandu', 'Sun, Nov 22, 18:00 to 19:00'],
  ['day', '2026-11-21T23:00:00.000Z', '2026-11-22T23:00:00.000Z', 'Europe/Berlin', 'Sun, Nov 22'],
  ['month', '2026-10-31T23:00:00.000Z', '2026-11-30T23:00:00.000Z', 'Europe/Berlin', 'November 2026'],
] as const)('a bucket of one %s from %s is named as its zone names it', (...bucket) => {
  const [interval, start, end, timeZone, label] = bucket;
  expect(toBucketLabel({ start, end }, interval, timeZone)).toBe(label);
});

test('the hour that comes twice when the clocks go back is told apart by its offset', () => {
  const hours = ['2026-10-25T00:00:00.000Z', '2026-10-25T01:00:00.000Z', '2026-10-25T02:00:00.000Z'];
  const [first, second] = hours.map((start, index) => ({ start, end: hours[index + 1] ?? start }));
  expect(first && toBucketLabel(first, 'hour', 'Europe/Berlin')).toBe('Sun, Oct 25, 02:00 to 02:00 (GMT+2)');
  expect(second && toBucketLabel(second, 'hour', 'Europe/Berlin')).toBe('Sun, Oct 25, 02:00 to 03:00 (GMT+1)');
});

test('a range says its last day, not the midnight after it', () => {
  const plain = (text: string) => text.replaceAll(/[\u00a0\u2009\u202f]/g, ' ');
  expect(plain(formatRange({ start: '2026-11-15T00:00:00.000Z', end: '2026-11-22T00:00:00.000Z' }, 'UTC'))).toBe(
    'Nov 15 – 21, 2026',
  );
  expect(plain(formatRange({ start: '2026-11-21T18:00:00.000Z', end: '2026-11-22T18:00:00.000Z' }, 'UTC'))).toBe(
    'Nov 21, 18:00 – Nov 22, 18:00',
  );
});
