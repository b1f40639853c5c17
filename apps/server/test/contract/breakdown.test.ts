import { type Breakdown, breakdownSchema } from '@tidemark/schemas';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ContractServer, type ContractTenant, contractServer } from './contract-server.ts';
import { dataOf, expectInvalid, expectRefusal } from './expectations.ts';

let api: ContractServer;
let tenant: ContractTenant;
beforeAll(async () => {
  api = await contractServer();
  tenant = await api.createTenant();
  const at = (minute: number, fields: object) => ({
    occurredAt: `2026-03-10T12:${String(minute).padStart(2, '0')}:00.000Z`,
    ...fields,
  });
  const events = [
    at(0, { type: 'view', userId: 'ada', device: 'mobile', properties: { plan: 'pro', seats: 1 } }),
    at(1, { type: 'view', userId: 'bob', device: 'mobile', properties: { plan: 'free', seats: '1' } }),
    at(2, { type: 'view', userId: 'ada', device: 'desktop', properties: { plan: 'pro', cart: { currency: 'EUR' } } }),
    at(3, { type: 'buy', userId: 'ada', properties: { plan: null } }),
    at(4, { type: 'leave', properties: { plan: true } }),
    at(59, { type: 'leave', userId: 'cy' }),
  ];
  expect((await tenant.admin.post('events.ingest', { events })).status).toBe(200);
});
afterAll(() => api[Symbol.asyncDispose]());

const RANGE = { from: '2026-03-10T12:00:00Z', to: '2026-03-10T13:00:00Z' };

async function breakDown(input: object): Promise<Breakdown> {
  return dataOf(await tenant.admin.query('analytics.breakdown', { ...RANGE, ...input }), breakdownSchema);
}

function cellsOf({ rows }: Breakdown): unknown[] {
  return rows.map(({ key, events, users }) => [key, events, users]);
}

test('breaks events down by type, most events first, with the share of each', async () => {
  const { rows, other, meta } = await breakDown({ by: 'type' });
  expect(rows).toEqual([
    { key: 'view', events: 3, users: 2, share: 0.5 },
    { key: 'leave', events: 2, users: 1, share: expect.closeTo(1 / 3) },
    { key: 'buy', events: 1, users: 1, share: expect.closeTo(1 / 6) },
  ]);
  expect(other).toEqual({ events: 0, users: 0, keys: 0 });
  expect(meta).toMatchObject({
    exact: true,
    range: { from: '2026-03-10T12:00:00.000Z', to: '2026-03-10T13:00:00.000Z' },
  });
});

test('gives what is missing the key null', async () => {
  expect(cellsOf(await breakDown({ by: 'device' }))).toEqual(expect.arrayContaining([[null, 3, 2]]));
  expect(cellsOf(await breakDown({ by: 'user' }))).toEqual(expect.arrayContaining([[null, 1, 0]]));
});

test('breaks down by a property, however deep', async () => {
  const plans = cellsOf(await breakDown({ by: 'property:plan' }));
  expect(plans).toEqual(
    expect.arrayContaining([
      [null, 2, 2],
      ['pro', 2, 1],
      ['free', 1, 1],
      ['true', 1, 0],
    ]),
  );
  expect(plans).toHaveLength(4);
  expect(cellsOf(await breakDown({ by: 'property:cart.currency', userId: 'ada' }))).toEqual([
    [null, 2, 1],
    ['EUR', 1, 1],
  ]);
});

test('adds up what is beyond the limit, its users counted rather than subtracted', async () => {
  const { rows, other } = await breakDown({ by: 'type', limit: 1 });
  expect(rows.map(({ key }) => key)).toEqual(['view']);
  expect(other).toEqual({ events: 3, users: 2, keys: 2 });
});

test('keeps to its filters, its range and its tenant', async () => {
  expect(cellsOf(await breakDown({ by: 'type', devices: ['mobile'] }))).toEqual([['view', 2, 2]]);
  expect(cellsOf(await breakDown({ by: 'type', to: '2026-03-10T12:02:00Z' }))).toEqual([['view', 2, 2]]);
  const { admin } = await api.createTenant();
  const elsewhere = dataOf(await admin.query('analytics.breakdown', { ...RANGE, by: 'user' }), breakdownSchema);
  expect(elsewhere.rows).toEqual([]);
});

test.each([
  ['by', {}],
  ['by', { by: 'session' }],
  ['by', { by: 'property:' }],
  ['by', { by: 'property:\u0000' }],
  ['by', { by: `property:${'x'.repeat(300)}` }],
  ['limit', { by: 'type', limit: 501 }],
  ['limit', { by: 'type', limit: 0 }],
  ['to', { by: 'type', to: '2026-03-10T11:00:00Z' }],
])('refuses a question, naming %s: %j', async (path, input) => {
  expectInvalid(await tenant.admin.query('analytics.breakdown', { ...RANGE, ...input }), path);
});

test('refuses more than five years', async () => {
  const input = { by: 'type', from: '2020-01-01T00:00:00Z', to: '2026-01-01T00:00:00Z' };
  expectRefusal(await tenant.admin.query('analytics.breakdown', input), 'range_too_long');
});
