import { type Event, type EventPage, eventPageSchema, eventSchema } from '@tidemark/schemas';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ContractServer, type ContractTenant, contractServer } from './contract-server.ts';
import { dataOf, expectInvalid, expectRefusal } from './expectations.ts';

let api: ContractServer;
beforeAll(async () => {
  api = await contractServer();
});
afterAll(() => api[Symbol.asyncDispose]());

const NOON = Date.parse('2026-03-10T12:00:00.000Z');

async function list({ admin }: ContractTenant, input: object = {}): Promise<EventPage> {
  return dataOf(await admin.query('events.list', input), eventPageSchema);
}

/** Follows the cursors to the end; `meanwhile` runs after every page. */
async function listAll(tenant: ContractTenant, input: object, meanwhile: () => Promise<unknown> = async () => {}) {
  const items: Event[] = [];
  let cursor: string | null = null;
  do {
    const page: EventPage = await list(tenant, { ...input, cursor });
    items.push(...page.items);
    cursor = page.nextCursor;
    await meanwhile();
  } while (cursor !== null);
  return items;
}

async function send({ admin }: ContractTenant, events: readonly object[]): Promise<void> {
  const { status } = await admin.post('events.ingest', { events });
  expect(status).toBe(200);
}

/** An event some seconds after noon. */
function eventAt(seconds: number, fields: object = {}) {
  return { type: 'a', id: crypto.randomUUID(), occurredAt: new Date(NOON + seconds * 1_000).toISOString(), ...fields };
}

function typesOf(items: readonly Event[]): string[] {
  return items.map(({ type }) => type).sort();
}

test('lists the newest first, or the oldest, and events of one instant by their id', async () => {
  const tenant = await api.createTenant();
  const events = [...[1, 2, 3, 4].map((seconds) => eventAt(seconds)), eventAt(2), eventAt(2)];
  await send(tenant, events);
  const inOrder = events
    .map(({ id, occurredAt }) => ({ id, occurredAt }))
    .sort((one, other) => (`${one.occurredAt}${one.id}` < `${other.occurredAt}${other.id}` ? -1 : 1));
  expect((await list(tenant, { order: 'asc' })).items).toMatchObject(inOrder);
  expect((await list(tenant)).items).toMatchObject(inOrder.toReversed());
  for (const order of ['asc', 'desc']) {
    expect(await listAll(tenant, { order, limit: 1 })).toEqual((await list(tenant, { order })).items);
  }
});

test('reads back what was sent, null for what was not', async () => {
  const tenant = await api.createTenant();
  const full = eventAt(2, { userId: 'ada', sessionId: 's-1', device: 'tablet', properties: { cart: { total: 1.5 } } });
  const bare = eventAt(1);
  await send(tenant, [full, bare]);
  const { items } = await list(tenant);
  expect(items).toEqual([
    { ...full, receivedAt: expect.any(String) },
    { ...bare, userId: null, sessionId: null, device: null, properties: {}, receivedAt: expect.any(String) },
  ]);
  const { id, occurredAt } = full;
  expect(dataOf(await tenant.admin.query('events.get', { id, occurredAt }), eventSchema)).toEqual(items[0]);
});

test.each(['asc', 'desc'])('shows every event once while others arrive (%s)', async (order) => {
  const tenant = await api.createTenant();
  await send(
    tenant,
    Array.from({ length: 25 }, (_, index) => eventAt(index * 10, { type: 'there' })),
  );
  // Before, between and after what has been shown.
  const items = await listAll(
    tenant,
    { order, limit: 4, from: '2026-03-01T00:00:00Z', to: '2026-04-01T00:00:00Z' },
    () => send(tenant, [eventAt(-60, { type: 'new' }), eventAt(95, { type: 'new' }), eventAt(600, { type: 'new' })]),
  );
  expect(new Set(items.map(({ id }) => id)).size).toBe(items.length);
  expect(items.filter(({ type }) => type === 'there')).toHaveLength(25);
  const places = items.map(({ occurredAt, id }) => `${occurredAt}${id}`);
  expect(places).toEqual(order === 'asc' ? places.toSorted() : places.toSorted().toReversed());
});

test('pins the range of a relative listing in its cursor', async () => {
  const tenant = await api.createTenant();
  const minutesAgo = (minutes: number) => ({
    type: 'a',
    occurredAt: new Date(Date.now() - minutes * 60_000).toISOString(),
  });
  await send(tenant, [1, 2, 3, 4, 70].map(minutesAgo));
  expect(await listAll(tenant, { last: '1h', limit: 2 })).toHaveLength(4);
});

test('keeps to the half-open range', async () => {
  const tenant = await api.createTenant();
  await send(tenant, [eventAt(0, { type: 'first' }), eventAt(59.999, { type: 'last' }), eventAt(60, { type: 'next' })]);
  const { items } = await list(tenant, { from: '2026-03-10T12:00:00Z', to: '2026-03-10T12:01:00Z' });
  expect(typesOf(items)).toEqual(['first', 'last']);
});

test('filters by each dimension, and by several at once', async () => {
  const tenant = await api.createTenant();
  await send(tenant, [
    eventAt(1, { type: 'view', device: 'mobile', userId: 'ada', sessionId: 's-1', properties: { plan: 'pro', n: 1 } }),
    eventAt(2, { type: 'buy', device: 'desktop', userId: 'ada', properties: { cart: { currency: 'EUR' }, n: '1' } }),
    eventAt(3, { type: 'leave', userId: 'bob', properties: { vip: true, n: null } }),
    eventAt(4, { type: '100%_sure\\', properties: { 'a.b': 1 } }),
  ]);
  const typesFor = async (filters: object) => typesOf((await list(tenant, filters)).items);
  const byProperty = (path: string, ...values: unknown[]) => typesFor({ properties: [{ path, in: values }] });

  expect(await typesFor({ types: ['view', 'leave', 'never seen'] })).toEqual(['leave', 'view']);
  expect(await typesFor({ devices: ['mobile', 'desktop'] })).toEqual(['buy', 'view']);
  expect(await typesFor({ devices: [null] })).toEqual(['100%_sure\\', 'leave']);
  expect(await typesFor({ userId: 'ada' })).toEqual(['buy', 'view']);
  expect(await byProperty('plan', 'pro', 'free')).toEqual(['view']);
  expect(await byProperty('cart.currency', 'EUR')).toEqual(['buy']);
  expect(await byProperty('vip', true)).toEqual(['leave']);
  expect(await byProperty('n', 1)).toEqual(['view']);
  expect(await byProperty('n', '1')).toEqual(['buy']);
  expect(await byProperty('plan', null)).toEqual(['100%_sure\\', 'buy', 'leave']);
  expect(await byProperty('n', null)).toEqual(['100%_sure\\', 'leave']);
  expect(await typesFor({ search: 'EUR' })).toEqual(['buy']);
  expect(await typesFor({ search: 'S-1' })).toEqual(['view']);
  expect(await typesFor({ search: '%_s' })).toEqual(['100%_sure\\']);
  expect(await typesFor({ search: 'sure\\' })).toEqual(['100%_sure\\']);
  expect(await typesFor({ search: '_' })).toEqual(['100%_sure\\']);
  expect(await typesFor({ userId: 'ada', devices: ['mobile'], types: ['view'], search: 'pro' })).toEqual(['view']);
  expect(await typesFor({ userId: 'ada', devices: ['tablet'] })).toEqual([]);
});

test('refuses what is beyond its caps, and takes what is within', async () => {
  const { admin } = await api.createTenant();
  const fifty = Array.from({ length: 50 }, (_, index) => `type-${index}`);
  for (const fine of [{ limit: 1 }, { limit: 500 }, { types: fifty }]) {
    expect((await admin.query('events.list', fine)).status).toBe(200);
  }
  for (const limit of [0, 501, 1.5, -1, '10', null])
    expectInvalid(await admin.query('events.list', { limit }), 'limit');
  expectInvalid(await admin.query('events.list', { types: [...fifty, 'one more'] }), 'types');
  expectInvalid(await admin.query('events.list', { types: [] }), 'types');
  expectInvalid(await admin.query('events.list', { devices: ['toaster'] }), 'devices.0');
  expectInvalid(await admin.query('events.list', { search: '' }), 'search');
  expectInvalid(await admin.query('events.list', { order: 'random' }), 'order');
  expectInvalid(await admin.query('events.list', { properties: [{ path: 'a', in: [] }] }), 'properties.0.in');
  expectInvalid(await admin.query('events.list', { from: '2026-03-01T00:00:00Z' }), 'to');
  expectInvalid(await admin.query('events.list', { last: '2d' }), 'last');
});

test('takes no cursor but one of its own, in its own order', async () => {
  const tenant = await api.createTenant();
  await send(
    tenant,
    [1, 2, 3].map((seconds) => eventAt(seconds)),
  );
  const { nextCursor } = await list(tenant, { limit: 1 });
  const forge = (cursor: unknown) => Buffer.from(JSON.stringify(cursor)).toString('base64url');
  const range = { from: 0, to: 1 };
  const after = { id: crypto.randomUUID(), occurredAt: 0 };
  const forged = [
    '',
    'text',
    nextCursor?.slice(0, -5),
    forge(null),
    forge({ order: 'desc', range, after: { ...after, id: '1' } }),
    forge({ order: 'desc', range: { from: -1e20, to: 1e20 }, after }),
    forge({ order: 'desc', range, after: { ...after, occurredAt: 1e300 } }),
    forge({ order: 'desc; DROP TABLE events', range, after }),
    forge({ order: 'desc', range, after, tenantId: 'other' }),
  ];
  for (const cursor of forged) expectRefusal(await tenant.admin.query('events.list', { cursor }), 'invalid_cursor');
  const turned = { cursor: nextCursor, order: 'asc', limit: 1 };
  expectRefusal(await tenant.admin.query('events.list', turned), 'invalid_cursor');
  expectInvalid(await tenant.admin.query('events.list', { cursor: 'x'.repeat(501) }), 'cursor');
});

test('takes no cursor of another tenant', async () => {
  const [one, other] = [await api.createTenant(), await api.createTenant()];
  await send(
    one,
    [1, 2, 3].map((seconds) => eventAt(seconds)),
  );
  const { nextCursor } = await list(one, { limit: 1 });
  expectRefusal(await other.admin.query('events.list', { limit: 1, cursor: nextCursor }), 'invalid_cursor');
});

test('gets an event by its whole identity alone', async () => {
  const { admin, ...tenant } = await api.createTenant();
  const { id, occurredAt } = eventAt(1);
  await send({ admin, ...tenant }, [{ id, occurredAt, type: 'a' }]);
  expect(dataOf(await admin.query('events.get', { id: id.toUpperCase(), occurredAt }), eventSchema).id).toBe(id);
  const moved = new Date(Date.parse(occurredAt) + 1).toISOString();
  const refusal = expectRefusal(await admin.query('events.get', { id, occurredAt: moved }), 'not_found');
  expect(refusal.evidence).toEqual({ id, occurredAt: moved });
  expectRefusal(await admin.query('events.get', { id: crypto.randomUUID(), occurredAt }), 'not_found');
  expectInvalid(await admin.query('events.get', { id }), 'occurredAt');
  expectInvalid(await admin.query('events.get', { id: 'x', occurredAt }), 'id');
  expectInvalid(await admin.query('events.get', { id, occurredAt: '9999-12-31T23:59:59Z' }), 'occurredAt');
});
