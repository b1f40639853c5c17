import type { Bucket, Group, Summary } from '@tidemark/schemas';

const START = Date.parse('2026-11-21T17:00:00.000Z');
const HOUR_MS = 3_600_000;

/** A day of hours, whose last is half over; say only what is unusual. */
export function summaryFixture(unusual: Partial<Summary> = {}): Summary {
  const series = bucketsFixture(Array.from({ length: 24 }, (_, hour) => 10 * hour));
  const to = series.at(-1)?.end ?? '';
  return {
    totals: { events: 2_760, users: 20, groups: groupsFixture({ view: 1_380, search: 920, signup: 460 }) },
    previous: {
      range: { from: new Date(START - 24 * HOUR_MS).toISOString(), to: new Date(START).toISOString() },
      totals: { events: 2_300, users: 25, groups: groupsFixture({ view: 1_500, search: 920 }) },
      series: [],
    },
    series,
    meta: {
      source: 'rollup',
      cache: { status: 'miss', ageMs: 0, ttlMs: 30_000, tier: 'realtime' },
      asOf: new Date(Date.parse(to) - HOUR_MS / 2).toISOString(),
      range: { from: new Date(START).toISOString(), to },
      interval: 'hour',
      timeZone: 'Europe/Berlin',
      exact: true,
      degraded: null,
      tookMs: 2.4,
    },
    ...unusual,
  };
}

/** Hours in a row with so many events each. */
export function bucketsFixture(events: readonly number[]): Bucket[] {
  return events.map((count, hour) => ({
    start: new Date(START + hour * HOUR_MS).toISOString(),
    end: new Date(START + (hour + 1) * HOUR_MS).toISOString(),
    events: count,
    users: Math.min(count, 20),
  }));
}

export function groupsFixture(events: Record<string, number>): Group[] {
  return Object.entries(events).map(([key, count]) =>
    key === 'other' ? { key, events: count, users: 1, isOther: true } : { key, events: count, users: 1 },
  );
}
