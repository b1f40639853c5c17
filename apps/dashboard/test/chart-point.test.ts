import { expect, test } from 'vitest';
import { measure, toChartPoints, toLayers } from '../src/lib/charts/chart-point.ts';
import { bucketFixture, summaryFixture } from './fixtures/summary-fixture.ts';

test('buckets are done, running or ahead by the moment of the answer', () => {
  const points = toChartPoints(summaryFixture(), 'events', []);
  expect(points.map(({ state }) => state)).toEqual(['done', 'done', 'running', 'ahead']);
  expect(points.map(({ value }) => value)).toEqual([4, 3, 2, 0]);
});

test('events per user come from the same bucket, and nobody is no division by zero', () => {
  expect(toChartPoints(summaryFixture(), 'perUser', []).map(({ value }) => value)).toEqual([2, 1.5, 2, 0]);
  expect(measure({ events: 5, users: 0 }, 'perUser')).toBe(0);
});

test('the period before stands bucket by bucket beside this one, as far as it goes', () => {
  const series = [bucketFixture(6, 1, 1), bucketFixture(7, 8, 2)];
  const range = { from: '2026-11-22T06:00:00.000Z', to: '2026-11-22T08:00:00.000Z' };
  const summary = summaryFixture({ previous: { range, totals: { events: 9, users: 2 }, series } });
  expect(toChartPoints(summary, 'events', []).map(({ previous }) => previous?.value)).toEqual([
    1,
    8,
    undefined,
    undefined,
  ]);
});

test('groups are drawn by size; what has no name, and all others, are last and grey', () => {
  const layers = toLayers([
    { key: 'other', events: 50, users: 1, isOther: true },
    { key: 'small', events: 1, users: 1 },
    { key: null, events: 20, users: 1 },
    { key: 'big', events: 9, users: 1 },
  ]);
  expect(layers.map(({ name }) => name)).toEqual(['Not given', 'big', 'small', 'All others']);
  expect(layers.filter(({ color }) => color.includes('rest')).map(({ name }) => name)).toEqual([
    'Not given',
    'All others',
  ]);
});

test('types named "null" and "other" are not the ones without a name and beyond the limit', () => {
  const groups = [
    { key: null, events: 4, users: 1 },
    { key: 'null', events: 3, users: 1 },
    { key: 'other', events: 2, users: 1 },
    { key: 'other', events: 1, users: 1, isOther: true as const },
  ];
  expect(new Set(toLayers(groups).map(({ key }) => key)).size).toBe(4);
});

test('bands stack up to the events of their bucket, and a group that is absent takes no room', () => {
  const groups = [
    { key: 'a', events: 5, users: 1 },
    { key: 'b', events: 4, users: 1 },
  ];
  const [first, ...rest] = summaryFixture().series;
  if (first === undefined) throw new Error('the fixture has buckets');
  const summary = summaryFixture({ series: [{ ...first, groups: [{ key: 'b', events: 4, users: 2 }] }, ...rest] });
  const [point] = toChartPoints(summary, 'events', toLayers(groups));
  expect(point?.bands.map(({ from, to }) => [from, to])).toEqual([
    [0, 0],
    [0, 4],
  ]);
});
