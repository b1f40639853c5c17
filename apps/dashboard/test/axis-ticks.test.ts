import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toAxisTicks } from '../src/lib/charts/axis-ticks.ts';
import { INTERVALS } from '../src/lib/overview/view.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

function startsFrom(first: string, stepMs: number, count: number): string[] {
  return Array.from({ length: count }, (_, index) => new Date(Date.parse(first) + index * stepMs).toISOString());
}

test('hours are labelled where the zone’s clock has round ones, and midnight by its date', () => {
  const ticks = toAxisTicks(startsFrom('2026-11-21T17:00:00.000Z', HOUR, 24), 'hour', 'Europe/Berlin', 9);
  expect(ticks.map(({ label }) => label)).toEqual([
    '18:00',
    '21:00',
    'Nov 22',
    '03:00',
    '06:00',
    '09:00',
    '12:00',
    '15:00',
  ]);
});

test('a zone off the whole hour has its own round hours', () => {
  const ticks = toAxisTicks(startsFrom('2026-11-21T12:15:00.000Z', HOUR, 24), 'hour', 'Asia/Kathmandu', 4);
  expect(ticks.map(({ label }) => label)).toEqual(['18:00', 'Nov 22', '06:00', '12:00']);
});

test('many hours are labelled by their days', () => {
  const ticks = toAxisTicks(startsFrom('2026-11-15T17:00:00.000Z', HOUR, 168), 'hour', 'Europe/Berlin', 8);
  expect(ticks.map(({ label }) => label)).toEqual([
    'Nov 16',
    'Nov 17',
    'Nov 18',
    'Nov 19',
    'Nov 20',
    'Nov 21',
    'Nov 22',
  ]);
});

test('many days are labelled by their Mondays', () => {
  const ticks = toAxisTicks(startsFrom('2026-10-24T00:00:00.000Z', 24 * HOUR, 30), 'day', 'UTC', 10);
  expect(ticks.map(({ label }) => label)).toEqual(['Oct 26', 'Nov 2', 'Nov 9', 'Nov 16']);
});

test('there is always a label and never one too many, in order', () => {
  const series = fc.record({
    interval: fc.constantFrom(...INTERVALS),
    first: fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2027, 0, 1) }),
    count: fc.integer({ min: 1, max: 300 }),
    timeZone: fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Kathmandu', 'America/St_Johns'),
    most: fc.integer({ min: 1, max: 15 }),
  });
  const STEP = { minute: MINUTE, hour: HOUR, day: 24 * HOUR, week: 168 * HOUR, month: 730 * HOUR };
  fc.assert(
    fc.property(series, ({ interval, first, count, timeZone, most }) => {
      const starts = startsFrom(new Date(first).toISOString(), STEP[interval], count);
      const places = toAxisTicks(starts, interval, timeZone, most).map(({ index }) => index);
      expect(places.length).toBeGreaterThan(0);
      expect(places.length).toBeLessThanOrEqual(most);
      expect(places).toEqual([...new Set(places)].sort((a, b) => a - b));
    }),
  );
});
