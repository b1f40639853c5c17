import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bucketEdges } from '../src/calendar/bucket-edges.ts';
import { previousRange, resolveRange } from '../src/calendar/resolve-range.ts';

const at = (text: string) => Date.parse(text);
const iso = (epochMs: number) => new Date(epochMs).toISOString().replace(':00.000Z', 'Z');
const edgesOf = (from: string, to: string, interval: 'minute' | 'hour' | 'day' | 'week' | 'month', zone: string) =>
  bucketEdges({ from: at(from), to: at(to) }, interval, zone, 5_000).map(iso);

test('a day of New York has 25 hours when the clocks go back', () => {
  const edges = edgesOf('2026-11-01T04:00Z', '2026-11-02T05:00Z', 'hour', 'America/New_York');
  expect(edges).toHaveLength(26);
  expect(edgesOf('2026-11-01T04:00Z', '2026-11-03T05:00Z', 'day', 'America/New_York')).toEqual([
    '2026-11-01T04:00Z',
    '2026-11-02T05:00Z',
    '2026-11-03T05:00Z',
  ]);
});

test('hours of Kathmandu begin at a quarter past in UTC', () => {
  expect(edgesOf('2026-05-01T00:00Z', '2026-05-01T02:00Z', 'hour', 'Asia/Kathmandu')).toEqual([
    '2026-05-01T00:00Z',
    '2026-05-01T00:15Z',
    '2026-05-01T01:15Z',
    '2026-05-01T02:00Z',
  ]);
});

test('Lord Howe repeats half an hour, which is a short hour of its own', () => {
  expect(edgesOf('2026-04-04T14:00Z', '2026-04-04T16:30Z', 'hour', 'Australia/Lord_Howe')).toEqual([
    '2026-04-04T14:00Z',
    '2026-04-04T15:00Z',
    '2026-04-04T15:30Z',
    '2026-04-04T16:30Z',
  ]);
});

test('Chatham sets its clocks back by an hour at 3:45 without cutting one short', () => {
  expect(edgesOf('2026-04-04T13:15Z', '2026-04-04T15:15Z', 'hour', 'Pacific/Chatham')).toEqual([
    '2026-04-04T13:15Z',
    '2026-04-04T14:15Z',
    '2026-04-04T15:15Z',
  ]);
});

test('the day that Apia skipped is no bucket', () => {
  expect(edgesOf('2011-12-29T10:00Z', '2012-01-01T10:00Z', 'day', 'Pacific/Apia')).toEqual([
    '2011-12-29T10:00Z',
    '2011-12-30T10:00Z',
    '2011-12-31T10:00Z',
    '2012-01-01T10:00Z',
  ]);
});

test('weeks begin on Monday, and the first and last bucket are clipped', () => {
  expect(edgesOf('2026-11-18T00:00Z', '2026-12-01T12:00Z', 'week', 'UTC')).toEqual([
    '2026-11-18T00:00Z',
    '2026-11-23T00:00Z',
    '2026-11-30T00:00Z',
    '2026-12-01T12:00Z',
  ]);
});

test('buckets tile any range in any zone', () => {
  const zones = Intl.supportedValuesOf('timeZone');
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      fc.integer({ min: at('2007-01-01T00:00Z'), max: at('2027-01-01T00:00Z') }),
      fc.integer({ min: 1, max: 60 * 24 * 60 * 60_000 }),
      fc.constantFrom('hour', 'day', 'week', 'month' as const),
      (zone, from, length, interval) => {
        const edges = bucketEdges({ from, to: from + length }, interval, zone, 5_000);
        expect(edges[0]).toBe(from);
        expect(edges.at(-1)).toBe(from + length);
        for (const [index, edge] of edges.slice(1).entries()) expect(edge).toBeGreaterThan(edges[index] ?? Infinity);
      },
    ),
    { numRuns: 500 },
  );
});

test('a limit ends the work early and shows in the last edge', () => {
  const range = { from: 0, to: 10 * 3_600_000 };
  expect(bucketEdges(range, 'hour', 'UTC', 10).at(-1)).toBe(range.to);
  expect(bucketEdges(range, 'hour', 'UTC', 9).at(-1)).not.toBe(range.to);
});

test.each([
  { last: '15m', interval: 'auto', resolved: 'minute', from: '2026-11-22T10:23Z', to: '2026-11-22T10:38Z' },
  { last: '24h', interval: 'auto', resolved: 'hour', from: '2026-11-21T11:00Z', to: '2026-11-22T11:00Z' },
  { last: '24h', interval: 'day', resolved: 'day', from: '2026-11-21T23:00Z', to: '2026-11-22T23:00Z' },
  { last: '7d', interval: 'auto', resolved: 'day', from: '2026-11-15T23:00Z', to: '2026-11-22T23:00Z' },
  { last: '30d', interval: 'auto', resolved: 'day', from: '2026-10-23T22:00Z', to: '2026-11-22T23:00Z' },
  { last: '7d', interval: 'month', resolved: 'month', from: '2026-11-15T23:00Z', to: '2026-11-22T23:00Z' },
  { last: '90d', interval: 'month', resolved: 'month', from: '2026-09-01T22:00Z', to: '2026-11-30T23:00Z' },
] as const)('last $last by $interval ends with the bucket that holds now', ({ last, interval, resolved, from, to }) => {
  const now = at('2026-11-22T10:37:12.345Z');
  const answer = resolveRange({ last, interval }, 'Europe/Berlin', now);
  expect(answer.interval).toBe(resolved);
  expect([iso(answer.range.from), iso(answer.range.to)]).toEqual([from, to]);
});

test('on an edge the bucket that begins there is the current one', () => {
  const answer = resolveRange({ last: '24h', interval: 'hour' }, 'UTC', at('2026-11-22T10:00Z'));
  expect(iso(answer.range.to)).toBe('2026-11-22T11:00Z');
});

test('the range before shifts by whole local days over a change of the clocks', () => {
  const week = { from: at('2026-11-01T04:00Z'), to: at('2026-11-08T05:00Z') };
  const before = previousRange(week, 'America/New_York');
  expect([iso(before.from), iso(before.to)]).toEqual(['2026-10-25T04:00Z', '2026-11-01T04:00Z']);
  const hours = previousRange({ from: at('2026-11-01T04:30Z'), to: at('2026-11-01T05:30Z') }, 'America/New_York');
  expect([iso(hours.from), iso(hours.to)]).toEqual(['2026-11-01T03:30Z', '2026-11-01T04:30Z']);
  // Apia crossed the date line at the end of the 29th: there was no 30th.
  const apia = previousRange({ from: at('2011-12-30T10:00Z'), to: at('2011-12-31T10:00Z') }, 'Pacific/Apia');
  expect([iso(apia.from), iso(apia.to)]).toEqual(['2011-12-29T10:00Z', '2011-12-30T10:00Z']);
});

test('the range before is never empty, and ends where the range begins', () => {
  const zones = ['Pacific/Apia', 'Pacific/Kwajalein', 'America/New_York', 'Africa/Cairo', 'Asia/Kathmandu'];
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      fc.constantFrom('1993-08-21', '2011-12-30', '2026-03-08', '2026-04-24', '2026-11-01'),
      fc.integer({ min: -4, max: 4 }),
      fc.integer({ min: 1, max: 5 }),
      (zone, day, offset, days) => {
        const from = at(day) + offset * 86_400_000;
        const edges = bucketEdges({ from, to: from + (days + 1) * 86_400_000 }, 'day', zone, 20);
        for (const [index, start] of edges.entries()) {
          for (const end of edges.slice(index + 1)) {
            const before = previousRange({ from: start, to: end }, zone);
            expect(before.to).toBe(start);
            expect(before.from).toBeLessThan(start);
          }
        }
      },
    ),
    { numRuns: 300 },
  );
});
