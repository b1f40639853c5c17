import { describe, expect, test } from 'vitest';
import { toChartPoints } from '../src/lib/charts/chart-point.ts';
import { addLateEvents, NO_LATE_EVENTS } from '../src/lib/charts/late-events.ts';
import { bucketFixture, summaryFixture } from './fixtures/summary-fixture.ts';

/** At half past twelve: ten and eleven are over, twelve is running. */
const before = summaryFixture();
const after = summaryFixture({
  series: [bucketFixture(10, 6, 3), bucketFixture(11, 3, 2), bucketFixture(12, 9, 4), bucketFixture(13, 0, 0)],
});
const TEN = bucketFixture(10, 0, 0).start;

describe('events that come late', () => {
  test('are those that a bucket got after it was over, and stay marked', () => {
    const late = addLateEvents(NO_LATE_EVENTS, before, after);
    expect([...late]).toEqual([[TEN, 2]]);
    expect([...addLateEvents(late, after, after)]).toEqual([[TEN, 2]]);
    expect(toChartPoints(after, 'events', [], late).map((point) => point.late)).toEqual([2, 0, 0, 0]);
  });

  test('a bucket that has just ended may still get what its senders gathered', () => {
    const ended = { ...before, meta: { ...before.meta, asOf: '2026-11-22T11:00:59.000Z' } };
    expect([...addLateEvents(NO_LATE_EVENTS, ended, after)]).toEqual([]);
  });

  test('what an answer was itself behind by is not late, and what left the range is forgotten', () => {
    const stale = { ...before, meta: { ...before.meta, exact: false } };
    expect([...addLateEvents(NO_LATE_EVENTS, stale, after)]).toEqual([]);
    const moved = { ...after, series: after.series.slice(1) };
    expect([...addLateEvents(new Map([[TEN, 2]]), after, moved)]).toEqual([]);
    expect([...addLateEvents(new Map([[TEN, 2]]), null, after)]).toEqual([]);
  });
});
