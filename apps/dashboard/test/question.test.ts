import { expect, test } from 'vitest';
import { sensibleIntervals } from '../src/lib/overview/intervals.ts';
import { toQuestion } from '../src/lib/overview/question.ts';
import { DEFAULT_VIEW } from '../src/lib/overview/view.ts';

test('a relative range is asked as it is, in the tenant’s own zone', () => {
  expect(toQuestion(DEFAULT_VIEW, 'Europe/Berlin')).toEqual({
    last: '24h',
    interval: 'auto',
    groupBy: 'type',
    timeZone: undefined,
    compare: 'previous',
  });
});

test('days are whole days of the zone, both included, also when the clocks change', () => {
  const range = { from: '2026-10-25', to: '2026-10-25' };
  expect(toQuestion({ ...DEFAULT_VIEW, range }, 'Europe/Berlin')).toMatchObject({
    from: '2026-10-24T22:00:00.000Z',
    to: '2026-10-25T23:00:00.000Z',
  });
});

test('a chosen zone goes before the tenant’s', () => {
  const view = { ...DEFAULT_VIEW, range: { from: '2026-11-01', to: '2026-11-02' }, timeZone: 'Asia/Kathmandu' };
  expect(toQuestion(view, 'UTC')).toMatchObject({
    from: '2026-10-31T18:15:00.000Z',
    to: '2026-11-02T18:15:00.000Z',
    timeZone: 'Asia/Kathmandu',
  });
});

test('instants are asked as they are', () => {
  const range = { from: '2026-11-01T10:00:00.000Z', to: '2026-11-01T11:00:00.000Z' };
  expect(toQuestion({ ...DEFAULT_VIEW, range }, 'Europe/Berlin')).toMatchObject(range);
});

test.each([
  ['15m', ['minute']],
  ['24h', ['hour']],
  ['7d', ['hour', 'day']],
  ['30d', ['hour', 'day', 'week']],
  ['90d', ['day', 'week', 'month']],
] as const)('%s can be cut by %s', (range, intervals) => {
  expect(sensibleIntervals(range)).toEqual(intervals);
});

test('a custom range counts its last day', () => {
  expect(sensibleIntervals({ from: '2026-11-01', to: '2026-11-02' })).toEqual(['hour', 'day']);
});
