import { DEVICES, type Device, type SummaryQuery } from '@tidemark/schemas';
import fc from 'fast-check';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

export const ZONES = [
  'UTC',
  'America/New_York',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Pacific/Chatham',
  'America/Santiago',
  'Europe/Berlin',
] as const;

export type Anchor = { readonly at: number; readonly zone: (typeof ZONES)[number] };

/** Where calendars are hard: changes of the clocks, skipped days, the edges of months and partitions. */
export const HARD_ANCHORS: readonly Anchor[] = (
  [
    ['2026-03-08T07:00:00Z', 'America/New_York'],
    ['2026-11-01T06:00:00Z', 'America/New_York'],
    // Half an hour, back and forth.
    ['2026-04-04T15:00:00Z', 'Australia/Lord_Howe'],
    ['2026-10-03T15:30:00Z', 'Australia/Lord_Howe'],
    ['2026-03-29T01:00:00Z', 'Europe/Berlin'],
    ['2026-10-25T01:00:00Z', 'Europe/Berlin'],
    // At midnight, which one of them skips.
    ['2026-04-05T03:00:00Z', 'America/Santiago'],
    ['2026-09-06T04:00:00Z', 'America/Santiago'],
    // At a quarter to four.
    ['2026-04-04T14:00:00Z', 'Pacific/Chatham'],
    ['2026-09-26T14:00:00Z', 'Pacific/Chatham'],
    // A day that never was.
    ['2011-12-30T10:00:00Z', 'Pacific/Apia'],
    ['2026-01-01T00:00:00Z', 'UTC'],
    ['2026-02-28T18:15:00Z', 'Asia/Kathmandu'],
    ['2015-05-17T18:30:00Z', 'Asia/Kolkata'],
  ] as const
).map(([text, zone]) => ({ at: Date.parse(text), zone }));

export type ScenarioEvent = {
  readonly id: string;
  readonly occurredAt: number;
  readonly type: string;
  readonly userId?: string;
  readonly device?: Device;
  readonly properties?: { readonly plan: string };
};
export type Scenario = {
  readonly tenantZone: string;
  readonly batches: readonly {
    readonly events: readonly ScenarioEvent[];
    /** How many of them are sent twice. */
    readonly repeats: number;
    readonly isFoldedAfter: boolean;
  }[];
  readonly question: SummaryQuery;
};

/** A tenant, its traffic in the order it arrives, and one question about the same stretch of time. */
export function scenarioArbitrary(now: number): fc.Arbitrary<Scenario> {
  const recent: readonly Anchor[] = [now, now, now - 3 * DAY_MS].map((at) => ({ at, zone: 'UTC' }));
  return fc.constantFrom(...HARD_ANCHORS, ...recent).chain(({ at: anchor, zone }) => {
    const zones = fc.oneof(fc.constant(zone), fc.constantFrom(...ZONES));
    return fc.record({
      tenantZone: zones,
      batches: fc.array(
        fc.record({
          events: fc.array(eventArbitrary(anchor, now), { minLength: 1, maxLength: 25, size: 'max' }),
          repeats: fc.nat({ max: 3 }),
          isFoldedAfter: fc.boolean(),
        }),
        { minLength: 1, maxLength: 3 },
      ),
      question: fc
        .tuple(questionArbitrary(anchor, zones), rarely(planArbitrary))
        .map(([question, plan]) => ({ ...question, ...(plan && { properties: [{ path: 'plan', in: plan }] }) })),
    });
  });
}

/** In one of four cases. */
function rarely<Value>(arbitrary: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> {
  return fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
}

const planArbitrary = fc.subarray(['free', 'pro', null], { minLength: 1, maxLength: 2 });

/** An event near an anchor; none further ahead than events may be. */
export function eventArbitrary(anchor: number, now: number): fc.Arbitrary<ScenarioEvent> {
  return fc
    .record({
      id: fc.uuid(),
      occurredAt: instantArbitrary(anchor).map((instant) => Math.min(instant, now + DAY_MS)),
      type: fc.constantFrom('view', 'click', 'buy', 'leave'),
      user: fc.option(fc.constantFrom('ada', 'bo', 'cy', 'dee', 'eve', 'fay'), { freq: 5 }),
      device: fc.option(fc.constantFrom(...DEVICES), { freq: 5 }),
      plan: fc.option(fc.constantFrom('free', 'pro')),
    })
    .map(({ user, device, plan, ...event }) => ({
      ...event,
      ...(plan !== null && { properties: { plan } }),
      ...(user !== null && { userId: user }),
      ...(device !== null && { device }),
    }));
}

/** Instants near an anchor: on its edges of minutes to days, a millisecond beside them, or anywhere within days. */
function instantArbitrary(anchor: number): fc.Arbitrary<number> {
  const steps = [15 * MINUTE_MS, HOUR_MS, DAY_MS] as const;
  const onEdge = fc
    .record({
      step: fc.constantFrom(...steps),
      count: fc.integer({ min: -8, max: 8 }),
      beside: fc.constantFrom(-1, 0, 1),
    })
    .map(({ step, count, beside }) => Math.floor(anchor / step) * step + count * step + beside);
  const anywhere = fc.integer({ min: -5 * DAY_MS, max: 5 * DAY_MS }).map((offset) => anchor + offset);
  return fc.oneof(onEdge, anywhere);
}

/** A question about the time near an anchor. */
export function questionArbitrary(anchor: number, zones: fc.Arbitrary<string>): fc.Arbitrary<SummaryQuery> {
  return fc
    .record({
      range: rangeArbitrary(anchor),
      interval: fc.constantFrom('auto', 'minute', 'hour', 'day', 'week', 'month' as const),
      timeZone: fc.option(zones, { nil: undefined }),
      groupBy: fc.option(fc.constantFrom('type', 'device' as const), { nil: undefined }),
      groupLimit: fc.integer({ min: 1, max: 6 }),
      compare: fc.option(fc.constant('previous' as const), { nil: undefined, freq: 2 }),
      types: rarely(fc.subarray(['view', 'click', 'buy', 'never sent'], { minLength: 1 })),
      devices: rarely(fc.subarray([...DEVICES, null], { minLength: 1 })),
      userId: rarely(fc.constantFrom('ada', 'ada', 'ada', 'nobody')),
    })
    .map(({ range: { from, to }, interval, ...question }) => ({
      ...question,
      from: new Date(from).toISOString(),
      to: new Date(to).toISOString(),
      // Minutes of more than three days would be more buckets than may be asked for.
      interval: interval === 'minute' && to - from > 3 * DAY_MS ? 'hour' : interval,
    }));
}

/** From one instant near an anchor to another, or of a certain length. */
function rangeArbitrary(anchor: number): fc.Arbitrary<{ readonly from: number; readonly to: number }> {
  const instant = instantArbitrary(anchor);
  const length = fc.oneof(
    fc.integer({ min: 1, max: 3 * DAY_MS }),
    fc.integer({ min: 1, max: 12 }).map((days) => days * DAY_MS),
    fc.integer({ min: 1, max: 96 }).map((quarters) => quarters * 15 * MINUTE_MS),
  );
  const between = fc.tuple(instant, instant).map(([one, other]) => ({
    from: Math.min(one, other),
    to: Math.max(one, other) + Number(one === other),
  }));
  return fc.oneof(
    between,
    fc.tuple(instant, length).map(([from, ms]) => ({ from, to: from + ms })),
  );
}

/** Whether the clocks of the zone change on the local day of an instant. */
export function isDayWithClockChange(instant: string, timeZone: string): boolean {
  const day = Temporal.Instant.from(instant).toZonedDateTimeISO(timeZone).startOfDay();
  return day.hoursInDay !== 24;
}
