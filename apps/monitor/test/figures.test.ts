import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toBar, toBlockColumns } from '../src/figures/block-columns.ts';
import { fitSeries, mergeBuckets } from '../src/figures/fit-series.ts';
import { toTopGroups } from '../src/figures/top-groups.ts';
import { bucketsFixture, groupsFixture, summaryFixture } from './summary-fixture.ts';

test('columns grow in eighths of a line', () => {
  expect(toBlockColumns([0, 1, 8, 12, 16], 2)).toEqual(['   ▄█', ' ▁███']);
});

test('the smallest something is not nothing', () => {
  expect(toBlockColumns([1, 0, 1_000_000], 1)).toEqual(['▁ █']);
  expect(toBar(1, 1_000_000, 10)).toBe('╸');
});

test('nothing at all is blank, not a division by zero', () => {
  expect(toBlockColumns([0, 0, undefined], 1)).toEqual(['   ']);
  expect(toBar(0, 0, 10)).toBe('');
});

test('a bar never outgrows its width', () => {
  fc.assert(
    fc.property(fc.nat(1_000), fc.integer({ min: 1, max: 200 }), (part, width) => {
      expect(toBar(part, 1_000, width).length).toBeLessThanOrEqual(width);
    }),
  );
});

test('a wide chart sets bars apart and marks what is not over', () => {
  const series = bucketsFixture([3, 5]);
  const fitted = fitSeries(series, series[1]?.start ?? '', 8);
  expect(fitted).toEqual({ columns: [3, 3, 3, undefined, 5, 5, 5, undefined], complete: 4, merged: 1, peak: 5 });
});

test('a narrow one is an outline over the whole width', () => {
  const series = bucketsFixture([3, 5, 1]);
  const fitted = fitSeries(series, series[2]?.start ?? '', 8);
  expect(fitted).toEqual({ columns: [3, 3, 3, 5, 5, 5, 1, 1], complete: 6, merged: 1, peak: 5 });
});

test('more buckets than columns are added up by neighbours', () => {
  const { columns, merged, peak } = fitSeries(bucketsFixture([1, 2, 3, 4, 5]), '9', 3);
  expect({ columns, merged, peak }).toEqual({ columns: [3, 7, 5], merged: 2, peak: 7 });
});

test('merging loses no event, and no column goes beyond the width', () => {
  const counts = fc.array(fc.nat(1_000), { maxLength: 400 });
  fc.assert(
    fc.property(counts, fc.integer({ min: 20, max: 200 }), (events, width) => {
      const series = bucketsFixture(events);
      const { columns, merged } = fitSeries(series, '9', width);
      expect(columns.length).toBeLessThanOrEqual(width);
      const bars = mergeBuckets(series, merged);
      expect(bars.length).toBeLessThanOrEqual(width);
      expect(bars.reduce((sum, bar) => sum + bar.events, 0)).toBe(events.reduce((sum, count) => sum + count, 0));
    }),
  );
});

test('groups come largest first, with what they were before', () => {
  expect(toTopGroups(summaryFixture(), 5)).toEqual([
    { name: 'view', events: 1_380, before: 1_500, isOther: false },
    { name: 'search', events: 920, before: 920, isOther: false },
    { name: 'signup', events: 460, before: 0, isOther: false },
  ]);
});

test('what does not fit is added up', () => {
  expect(toTopGroups(summaryFixture(), 2)).toEqual([
    { name: 'view', events: 1_380, before: 1_500, isOther: false },
    { name: '2 others', events: 1_380, before: undefined, isOther: true },
  ]);
});

test("the server's own other stays last, and hides what its members were before", () => {
  const summary = summaryFixture({
    totals: { events: 60, users: 3, groups: groupsFixture({ other: 50, view: 10 }) },
    previous: {
      range: { from: '', to: '' },
      totals: { events: 9, users: 1, groups: groupsFixture({ other: 9 }) },
      series: [],
    },
  });
  expect(toTopGroups(summary, 5)).toEqual([
    { name: 'view', events: 10, before: undefined, isOther: false },
    { name: 'all others', events: 50, before: undefined, isOther: true },
  ]);
});
