import { DEVICES, eventInputSchema } from '@tidemark/schemas';
import type { TrafficOptions } from '@tidemark/services';
import { generateTraffic, TRAFFIC_TYPES } from '@tidemark/services';
import fc from 'fast-check';
import { expect, test } from 'vitest';

const DAY_MS = 86_400_000;
const MONDAY = Date.parse('2026-11-02T00:00:00Z');
const FOUR_WEEKS = { seed: 'rhythm', from: MONDAY, to: MONDAY + 28 * DAY_MS, count: 20_000, users: 300 };

const trafficOptions: fc.Arbitrary<TrafficOptions> = fc
  .record({
    seed: fc.oneof(fc.integer(), fc.string()),
    from: fc.integer({ min: Date.parse('2007-01-01T00:00:00Z'), max: MONDAY }),
    lengthMs: fc.oneof(fc.integer({ min: 1, max: 5_000 }), fc.integer({ min: 1, max: 40 * DAY_MS })),
    count: fc.integer({ min: 0, max: 400 }),
    users: fc.integer({ min: 1, max: 5_000 }),
    types: fc.option(fc.uniqueArray(fc.constantFrom(...TRAFFIC_TYPES, 'invited', 'exported'), { minLength: 1 }), {
      nil: undefined,
    }),
    devices: fc.option(fc.uniqueArray(fc.constantFrom(...DEVICES), { minLength: 1 }), { nil: undefined }),
    timeZone: fc.constantFrom('UTC', 'America/New_York', 'Asia/Kathmandu', 'Australia/Lord_Howe'),
  })
  .map(({ lengthMs, ...options }) => ({ ...options, to: options.from + lengthMs }));

test('any options give exactly count valid events inside the range, with distinct ids and wanted values only', () => {
  fc.assert(
    fc.property(trafficOptions, (options) => {
      const events = [...generateTraffic(options)];
      expect(events).toHaveLength(options.count);
      expect(new Set(events.map(({ id }) => id)).size).toBe(options.count);
      expect(new Set(events.map(({ userId }) => userId)).size).toBeLessThanOrEqual(options.users);
      for (const event of events) {
        expect(eventInputSchema.safeParse(event).error).toBeUndefined();
        const time = Date.parse(event.occurredAt ?? '');
        expect(time >= options.from && time < options.to).toBe(true);
        expect(options.types ?? TRAFFIC_TYPES).toContain(event.type);
        expect(options.devices ?? DEVICES).toContain(event.device);
      }
    }),
    { numRuns: 150 },
  );
});

test('the same options give the same events, and another seed gives others', () => {
  fc.assert(
    fc.property(trafficOptions, (options) => {
      expect([...generateTraffic(options)]).toEqual([...generateTraffic(options)]);
    }),
    { numRuns: 50 },
  );
  const ids = (seed: number) => [...generateTraffic({ ...FOUR_WEEKS, seed, count: 500 })].map(({ id }) => id);
  expect(new Set([...ids(1), ...ids(2)]).size).toBe(1_000);
});

test('every user, type and device appears once there is traffic enough', () => {
  const types = [...TRAFFIC_TYPES, 'invited', 'exported'];
  const events = [...generateTraffic({ ...FOUR_WEEKS, types })];
  expect(new Set(events.map(({ userId }) => userId)).size).toBe(300);
  expect(new Set(events.map(({ type }) => type))).toEqual(new Set(types));
  expect(new Set(events.map(({ device }) => device))).toEqual(new Set(DEVICES));
});

test('nights and weekends are quieter, by the clock of the zone that is asked for', () => {
  for (const timeZone of ['UTC', 'Asia/Tokyo']) {
    const hours = Array.from({ length: 24 }, () => 0);
    const weekdays = Array.from({ length: 8 }, () => 0);
    for (const { occurredAt } of generateTraffic({ ...FOUR_WEEKS, timeZone })) {
      const local = Temporal.Instant.from(occurredAt ?? '').toZonedDateTimeISO(timeZone);
      hours[local.hour] = (hours[local.hour] ?? 0) + 1;
      weekdays[local.dayOfWeek] = (weekdays[local.dayOfWeek] ?? 0) + 1;
    }
    const sum = (counts: number[]) => counts.reduce((total, count) => total + count, 0);
    expect(sum(hours.slice(9, 13))).toBeGreaterThan(4 * sum(hours.slice(1, 5)));
    expect(sum(weekdays.slice(6, 8)) / 2).toBeLessThan(0.85 * (sum(weekdays.slice(1, 6)) / 5));
  }
});

test('sessions read as visits: one user and device, ascending in time, a funnel that narrows', () => {
  const events = [...generateTraffic(FOUR_WEEKS)];
  const sessions = Map.groupBy(events, ({ sessionId }) => sessionId);
  for (const session of sessions.values()) {
    expect(new Set(session.map(({ userId, device }) => `${userId} ${device}`)).size).toBe(1);
    expect(session[0]?.type).toBe('page_view');
    const times = session.map(({ occurredAt }) => Date.parse(occurredAt ?? ''));
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  }
  const count = (type: string) => events.filter((event) => event.type === type).length;
  expect(sessions.size).toBeGreaterThan(count('add_to_cart'));
  expect(count('add_to_cart')).toBeGreaterThan(count('checkout'));
  expect(count('checkout')).toBeGreaterThan(count('purchase'));
  expect(count('purchase')).toBeGreaterThan(0);
});

test('a few users make much of the traffic', () => {
  const perUser = Map.groupBy(generateTraffic({ ...FOUR_WEEKS, users: 1_000 }), ({ userId }) => userId);
  const counts = [...perUser.values()].map((events) => events.length).toSorted((a, b) => b - a);
  const top = counts.slice(0, 100).reduce((sum, count) => sum + count, 0);
  expect(top / FOUR_WEEKS.count).toBeGreaterThan(0.3);
});

test('nonsensical options are refused', () => {
  const first = (options: Partial<TrafficOptions>) => () => generateTraffic({ ...FOUR_WEEKS, ...options }).next();
  expect(first({ to: MONDAY })).toThrow(RangeError);
  expect(first({ count: -1 })).toThrow(RangeError);
  expect(first({ users: 0 })).toThrow(RangeError);
  expect(first({ types: [] })).toThrow(RangeError);
});
