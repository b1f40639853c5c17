import { type Summary, type SummaryInput, summarySchema } from '@tidemark/schemas';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ContractServer, type ContractTenant, contractServer } from './contract-server.ts';
import { dataOf, expectRefusal } from './expectations.ts';

let api: ContractServer;
beforeAll(async () => {
  api = await contractServer();
});
afterAll(() => api[Symbol.asyncDispose]());

async function summarize({ admin }: ContractTenant, input: SummaryInput): Promise<Summary> {
  return dataOf(await admin.query('analytics.summary', input), summarySchema);
}

/** Events as `<time> <type> <user> <device>`; a dash stands for none. */
async function send({ admin }: ContractTenant, ...lines: readonly string[]): Promise<void> {
  const events = lines.map((line) => {
    const [occurredAt, type, userId, device] = line.split(' ').map((word) => (word === '-' ? undefined : word));
    return { occurredAt, type, userId, device };
  });
  const { body } = await admin.post('events.ingest', { events });
  expect(JSON.stringify(body)).not.toContain('rejected');
}

const MORNING = { from: '2026-03-10T08:20:00Z', to: '2026-03-10T11:40:00Z', interval: 'hour' } as const;

test('clips the first and last bucket to the range, and shows empty buckets as zeros', async () => {
  const tenant = await api.createTenant();
  await send(
    tenant,
    '2026-03-10T08:19:59.999Z a early',
    '2026-03-10T08:20:00.000Z a ada',
    '2026-03-10T08:59:59.999Z a ada',
    '2026-03-10T10:00:00.000Z a bob',
    '2026-03-10T10:30:00.000Z b ada',
    '2026-03-10T11:39:59.999Z b -',
    '2026-03-10T11:40:00.000Z a late',
  );
  const { totals, series, previous } = await summarize(tenant, MORNING);
  expect(totals).toEqual({ events: 5, users: 2 });
  expect(previous).toBeUndefined();
  expect(series).toEqual([
    { start: '2026-03-10T08:20:00.000Z', end: '2026-03-10T09:00:00.000Z', events: 2, users: 1 },
    { start: '2026-03-10T09:00:00.000Z', end: '2026-03-10T10:00:00.000Z', events: 0, users: 0 },
    { start: '2026-03-10T10:00:00.000Z', end: '2026-03-10T11:00:00.000Z', events: 2, users: 2 },
    { start: '2026-03-10T11:00:00.000Z', end: '2026-03-10T11:40:00.000Z', events: 1, users: 0 },
  ]);
});

test('says where every number came from', async () => {
  const tenant = await api.createTenant({ timeZone: 'Europe/Berlin' });
  const before = Date.now();
  const { meta } = await summarize(tenant, { ...MORNING, interval: 'auto' });
  expect(meta).toEqual({
    source: expect.stringMatching(/^(?:rollup|raw|mixed)$/),
    cache: {
      status: expect.stringMatching(/^(?:hit|miss|stale|bypass)$/),
      ageMs: expect.any(Number),
      ttlMs: expect.any(Number),
      tier: 'historical',
    },
    asOf: expect.any(String),
    range: { from: '2026-03-10T08:20:00.000Z', to: '2026-03-10T11:40:00.000Z' },
    interval: 'hour',
    timeZone: 'Europe/Berlin',
    exact: true,
    degraded: null,
    tookMs: expect.any(Number),
  });
  // The database's clock is this machine's.
  expect(Date.parse(meta.asOf)).toBeGreaterThanOrEqual(before - 1);
  expect(Date.parse(meta.asOf)).toBeLessThanOrEqual(Date.now() + 1);
});

test('answers an empty tenant with zeros in every bucket', async () => {
  const { totals, series } = await summarize(await api.createTenant(), { ...MORNING, interval: 'minute' });
  expect(totals).toEqual({ events: 0, users: 0 });
  expect(series).toHaveLength(200);
  expect(series.every(({ events, users }) => events === 0 && users === 0)).toBe(true);
});

test('follows the calendar of the zone it is asked for, the tenant’s own by default', async () => {
  const tenant = await api.createTenant({ timeZone: 'Asia/Kathmandu' });
  await send(tenant, '2026-03-09T18:14:59Z a ada', '2026-03-09T18:15:00Z a bob');
  const input = { from: '2026-03-08T18:15:00Z', to: '2026-03-10T18:15:00Z', interval: 'day' } as const;
  const own = await summarize(tenant, input);
  expect(own.series.map(({ start, events }) => [start, events])).toEqual([
    ['2026-03-08T18:15:00.000Z', 1],
    ['2026-03-09T18:15:00.000Z', 1],
  ]);
  const utc = await summarize(tenant, { ...input, timeZone: 'UTC' });
  expect(utc.series.map(({ start, events }) => [start, events])).toEqual([
    ['2026-03-08T18:15:00.000Z', 0],
    ['2026-03-09T00:00:00.000Z', 2],
    ['2026-03-10T00:00:00.000Z', 0],
  ]);
});

test('is one question however its zone and its instants are spelt', async () => {
  const tenant = await api.createTenant({ timeZone: 'asia/kolkata' });
  const input = { from: '2026-03-08T00:00:00.000Z', to: '2026-03-10T00:00:00.000Z', interval: 'day' } as const;
  expect((await summarize(tenant, input)).meta.timeZone).toBe('Asia/Kolkata');
  expect((await summarize(tenant, { ...input, timeZone: 'UTC' })).meta.cache.status).toBe('miss');
  const spelt = { from: '2026-03-08T00:00Z', to: '2026-03-10T05:45+05:45', interval: 'day', timeZone: 'utc' } as const;
  const { meta } = await summarize(tenant, spelt);
  expect(meta).toMatchObject({ timeZone: 'UTC', range: { from: input.from, to: input.to }, cache: { status: 'hit' } });
  const { evidence } = expectRefusal(
    await tenant.admin.query('analytics.summary', { ...input, from: 'yesterday' }),
    'invalid_input',
  );
  expect(evidence.issues).toHaveLength(1);
});

test('gives the day of a clock change its 23 hours, and weeks their Mondays', async () => {
  const tenant = await api.createTenant({ timeZone: 'Europe/Berlin' });
  const days = await summarize(tenant, { from: '2026-03-27T23:00:00Z', to: '2026-03-30T22:00:00Z', interval: 'day' });
  expect(days.series.map(({ start }) => start)).toEqual([
    '2026-03-27T23:00:00.000Z',
    '2026-03-28T23:00:00.000Z',
    '2026-03-29T22:00:00.000Z',
  ]);
  const weeks = await summarize(tenant, { from: '2026-03-25T00:00:00Z', to: '2026-04-08T00:00:00Z', interval: 'week' });
  expect(weeks.series.map(({ start }) => start)).toEqual([
    '2026-03-25T00:00:00.000Z',
    '2026-03-29T22:00:00.000Z',
    '2026-04-05T22:00:00.000Z',
  ]);
});

test.each([
  ['2026-03-01T02:00:00Z', 'minute', 120],
  ['2026-03-01T02:00:01Z', 'hour', 3],
  ['2026-03-04T00:00:00Z', 'hour', 72],
  ['2026-03-04T00:00:01Z', 'day', 4],
  ['2026-06-01T00:00:00Z', 'day', 92],
  ['2026-06-01T00:00:01Z', 'week', 15],
  ['2027-04-05T00:00:00Z', 'week', 58],
  ['2027-04-05T00:00:01Z', 'month', 14],
])('picks a readable interval for a range that ends at %s: %s', async (to, interval, buckets) => {
  const { meta, series } = await summarize(await api.createTenant(), { from: '2026-03-01T00:00:00Z', to });
  expect(meta.interval).toBe(interval);
  expect(series).toHaveLength(buckets);
});

test.each([
  ['15m', 15 * 60],
  ['1h', 3_600],
  ['24h', 86_400],
  ['7d', 7 * 86_400],
  ['30d', 30 * 86_400],
  ['90d', 90 * 86_400],
] as const)('resolves the last %s to whole buckets that hold the present', async (last, seconds) => {
  const tenant = await api.createTenant();
  const { meta, series } = await summarize(tenant, { last });
  const [from, to] = [Date.parse(meta.range.from), Date.parse(meta.range.to)];
  expect(to - from).toBe(seconds * 1_000);
  expect(to).toBeGreaterThanOrEqual(Date.parse(meta.asOf) - 1_000);
  expect(series.at(0)?.start).toBe(meta.range.from);
  expect(series.at(-1)?.end).toBe(meta.range.to);
  expect(new Set(series.map(({ start, end }) => Date.parse(end) - Date.parse(start))).size).toBe(1);
});

const SHOP = [
  '2026-03-10T09:00:00Z view ada mobile',
  '2026-03-10T09:01:00Z view bob desktop',
  '2026-03-10T10:01:00Z view ada desktop',
  '2026-03-10T10:02:00Z buy ada -',
  '2026-03-10T10:03:00Z buy ada -',
  '2026-03-10T10:04:00Z leave cy mobile',
] as const;

test('groups by type, in totals and in every bucket', async () => {
  const tenant = await api.createTenant();
  await send(tenant, ...SHOP);
  const { totals, series } = await summarize(tenant, { ...MORNING, groupBy: 'type' });
  expect(totals).toEqual({
    events: 6,
    users: 3,
    groups: [
      { key: 'view', events: 3, users: 2 },
      { key: 'buy', events: 2, users: 1 },
      { key: 'leave', events: 1, users: 1 },
    ],
  });
  expect(series.map(({ groups }) => groups?.map(({ key, events }) => [key, events]))).toEqual([
    [],
    [['view', 2]],
    [
      ['buy', 2],
      ['leave', 1],
      ['view', 1],
    ],
    [],
  ]);
});

test('adds up groups beyond the limit as other, its users counted anew', async () => {
  const tenant = await api.createTenant();
  await send(tenant, ...SHOP, '2026-03-10T10:05:00Z leave ada mobile');
  const { totals, series } = await summarize(tenant, { ...MORNING, groupBy: 'type', groupLimit: 1 });
  expect(totals.groups).toEqual([
    { key: 'view', events: 3, users: 2 },
    { key: 'other', events: 4, users: 2, isOther: true },
  ]);
  expect(series[2]?.groups).toEqual([
    { key: 'view', events: 1, users: 1 },
    { key: 'other', events: 4, users: 2, isOther: true },
  ]);
});

test('groups by device, null for events that named none', async () => {
  const tenant = await api.createTenant();
  await send(tenant, ...SHOP);
  const { totals } = await summarize(tenant, { ...MORNING, groupBy: 'device' });
  expect(totals.groups).toHaveLength(3);
  expect(totals.groups).toEqual(
    expect.arrayContaining([
      { key: 'mobile', events: 2, users: 2 },
      { key: 'desktop', events: 2, users: 2 },
      { key: null, events: 2, users: 1 },
    ]),
  );
});

test('tells a type named other from the rest', async () => {
  const tenant = await api.createTenant();
  await send(
    tenant,
    '2026-03-10T09:00:00Z other ada',
    '2026-03-10T09:00:01Z other ada',
    '2026-03-10T09:00:02Z view ada',
  );
  const { totals } = await summarize(tenant, { ...MORNING, groupBy: 'type', groupLimit: 1 });
  expect(totals.groups).toEqual([
    { key: 'other', events: 2, users: 1 },
    { key: 'other', events: 1, users: 1, isOther: true },
  ]);
});

test('filters by every dimension, alone and together', async () => {
  const tenant = await api.createTenant();
  await send(tenant, ...SHOP);
  const totalsFor = async (filters: Partial<SummaryInput>) =>
    (await summarize(tenant, { ...MORNING, ...filters } as SummaryInput)).totals;
  expect(await totalsFor({ types: ['view', 'never seen'] })).toEqual({ events: 3, users: 2 });
  expect(await totalsFor({ devices: ['mobile'] })).toEqual({ events: 2, users: 2 });
  expect(await totalsFor({ devices: [null] })).toEqual({ events: 2, users: 1 });
  expect(await totalsFor({ userId: 'ada' })).toEqual({ events: 4, users: 1 });
  expect(await totalsFor({ types: ['view'], devices: ['desktop'], userId: 'bob' })).toEqual({ events: 1, users: 1 });
  expect(await totalsFor({ types: ['never seen'] })).toEqual({ events: 0, users: 0 });
});

test('compares with the days before where the range is whole days, across a clock change too', async () => {
  const tenant = await api.createTenant({ timeZone: 'Europe/Berlin' });
  await send(tenant, '2026-03-28T12:00:00Z a ada mobile', '2026-03-29T12:00:00Z b bob mobile');
  const { previous, totals } = await summarize(tenant, {
    from: '2026-03-28T23:00:00Z',
    to: '2026-03-29T22:00:00Z',
    interval: 'day',
    compare: 'previous',
    groupBy: 'type',
    groupLimit: 1,
  });
  expect(totals).toEqual({ events: 1, users: 1, groups: [{ key: 'b', events: 1, users: 1 }] });
  // The one group of the limit is the current range's own.
  const other = { key: 'other', events: 1, users: 1, isOther: true };
  expect(previous).toEqual({
    range: { from: '2026-03-27T23:00:00.000Z', to: '2026-03-28T23:00:00.000Z' },
    totals: { events: 1, users: 1, groups: [other] },
    series: [
      {
        start: '2026-03-27T23:00:00.000Z',
        end: '2026-03-28T23:00:00.000Z',
        events: 1,
        users: 1,
        groups: [other],
      },
    ],
  });
});

test('compares any other range with as long a one right before it', async () => {
  const tenant = await api.createTenant();
  await send(tenant, '2026-03-10T05:00:00Z a ada', '2026-03-10T08:19:59.999Z a bob', '2026-03-10T08:20:00Z a cy');
  const { previous } = await summarize(tenant, { ...MORNING, compare: 'previous' });
  expect(previous?.range).toEqual({ from: '2026-03-10T05:00:00.000Z', to: '2026-03-10T08:20:00.000Z' });
  expect(previous?.totals).toEqual({ events: 2, users: 2 });
});

test('shows at once what was acknowledged', async () => {
  const tenant = await api.createTenant();
  for (const expected of [1, 2, 3]) {
    await send(tenant, `${new Date().toISOString()} a user-${expected}`);
    const { totals } = await summarize(tenant, { last: '24h', fresh: true });
    expect(totals).toEqual({ events: expected, users: expected });
  }
});
