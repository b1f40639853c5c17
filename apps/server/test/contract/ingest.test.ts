import { type IngestOutput, ingestOutputSchema, type Receipt, summarySchema } from '@tidemark/schemas';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ContractServer, type ContractTenant, contractServer } from './contract-server.ts';
import { dataOf, expectInvalid } from './expectations.ts';

let api: ContractServer;
beforeAll(async () => {
  api = await contractServer();
});
afterAll(() => api[Symbol.asyncDispose]());

const DAY_MS = 24 * 60 * 60 * 1_000;

async function ingest({ admin }: ContractTenant, events: readonly unknown[]): Promise<IngestOutput> {
  return dataOf(await admin.post('events.ingest', { events }), ingestOutputSchema);
}

async function ingestOne(tenant: ContractTenant, event: unknown): Promise<Receipt> {
  const [receipt] = (await ingest(tenant, [event])).receipts;
  if (receipt === undefined) throw new Error('an event got no receipt');
  return receipt;
}

async function countEvents({ admin }: ContractTenant): Promise<number> {
  return dataOf(await admin.query('analytics.summary', { last: '90d' }), summarySchema).totals.events;
}

/** The time inside a UUIDv7. */
function timeOf(id: string): number {
  return Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16);
}

test('accepts an event with nothing but a type, and makes its identity', async () => {
  const tenant = await api.createTenant();
  const before = Date.now();
  const { receipts, committedAt } = await ingest(tenant, [{ type: 'sign_up' }]);
  expect(receipts).toEqual([{ id: expect.any(String), occurredAt: expect.any(String), status: 'accepted' }]);
  expect(Date.parse(committedAt ?? '')).toBeGreaterThanOrEqual(before);
  expect(timeOf(receipts[0]?.id ?? '')).toBe(Date.parse(receipts[0]?.occurredAt ?? ''));
});

test('keeps the identity it is given: the id in lower case, the time in UTC to the millisecond', async () => {
  const id = 'ABCDEF01-2345-4789-8ABC-DEF012345678';
  const receipt = await ingestOne(await api.createTenant(), {
    id,
    type: 'a',
    occurredAt: '2026-03-01T09:30:00.1239+02:00',
  });
  expect(receipt).toEqual({ id: id.toLowerCase(), occurredAt: '2026-03-01T07:30:00.123Z', status: 'accepted' });
});

test('takes the time of a UUIDv7 where no other is given, and refuses an id without one', async () => {
  const tenant = await api.createTenant();
  const at = Date.parse('2026-03-01T07:30:00.123Z');
  const hex = at.toString(16).padStart(12, '0');
  const id = `${hex.slice(0, 8)}-${hex.slice(8)}-7abc-8def-0123456789ab`;
  expect(await ingestOne(tenant, { id, type: 'a' })).toEqual({
    id,
    occurredAt: '2026-03-01T07:30:00.123Z',
    status: 'accepted',
  });
  expect(await ingestOne(tenant, { id: crypto.randomUUID(), type: 'a' })).toMatchObject({
    occurredAt: null,
    status: 'rejected',
    reason: { code: 'missing_time', path: 'occurredAt' },
  });
});

test('answers a retried batch with the same receipts as duplicates, and changes nothing', async () => {
  const tenant = await api.createTenant();
  const events = [1, 2, 3].map((hour) => ({
    id: crypto.randomUUID(),
    type: 'a',
    userId: `user-${hour}`,
    occurredAt: new Date(Date.now() - hour * 60_000).toISOString(),
  }));
  const first = await ingest(tenant, events);
  expect(first.receipts.map(({ status }) => status)).toEqual(['accepted', 'accepted', 'accepted']);
  for (const retried of [events, events.map((event) => ({ ...event, type: 'changed', id: event.id.toUpperCase() }))]) {
    const { receipts, committedAt } = await ingest(tenant, retried);
    expect(receipts).toEqual(first.receipts.map((receipt) => ({ ...receipt, status: 'duplicate' })));
    expect(committedAt).toBeNull();
  }
  expect(await countEvents(tenant)).toBe(3);
});

test('takes the first of two events with one identity, and another time for another event', async () => {
  const tenant = await api.createTenant();
  const id = crypto.randomUUID();
  const [occurredAt, later] = [new Date(Date.now() - 60_000).toISOString(), new Date().toISOString()];
  const { receipts } = await ingest(tenant, [
    { id, occurredAt, type: 'first' },
    { id, occurredAt, type: 'second' },
    { id, occurredAt: later, type: 'third' },
  ]);
  expect(receipts.map(({ status }) => status)).toEqual(['accepted', 'duplicate', 'accepted']);
  const stored = await tenant.admin.query('events.get', { id, occurredAt });
  expect(stored.body).toMatchObject({ result: { data: { type: 'first' } } });
});

test('gives receipts in the order of a mixed batch, a bad event harming none of its neighbours', async () => {
  const tenant = await api.createTenant();
  const id = crypto.randomUUID();
  const occurredAt = new Date().toISOString();
  const { receipts, committedAt } = await ingest(tenant, [
    { id, occurredAt, type: 'a' },
    null,
    { id, occurredAt, type: 'a' },
    { type: '' },
    { type: 'b', userId: 'ada', device: 'mobile', sessionId: 's', properties: { cart: { total: 3 } } },
  ]);
  expect(receipts.map(({ status }) => status)).toEqual(['accepted', 'rejected', 'duplicate', 'rejected', 'accepted']);
  expect(committedAt).not.toBeNull();
  expect(await countEvents(tenant)).toBe(2);
});

test('rejects what no event is, without an identity', async () => {
  const tenant = await api.createTenant();
  const { receipts, committedAt } = await ingest(tenant, [null, 3, 'text', true, [], {}]);
  for (const receipt of receipts) {
    expect(receipt).toMatchObject({
      id: null,
      occurredAt: null,
      status: 'rejected',
      reason: { code: 'invalid_field' },
    });
  }
  expect(receipts).toHaveLength(6);
  expect(committedAt).toBeNull();
});

const DEEP = JSON.parse(`${'{"a":'.repeat(40)}1${'}'.repeat(40)}`) as unknown;

test.each([
  ['type', { type: 7 }],
  ['type', { type: 'x'.repeat(101) }],
  ['type', { type: 'nul\u0000' }],
  ['id', { type: 'a', id: '1' }],
  ['occurredAt', { type: 'a', occurredAt: '2026-03-01' }],
  ['occurredAt', { type: 'a', occurredAt: '2026-03-01T09:30:00' }],
  ['occurredAt', { type: 'a', occurredAt: '2026-02-30T09:30:00Z' }],
  ['occurredAt', { type: 'a', occurredAt: 1_750_000_000_000 }],
  ['userId', { type: 'a', userId: '' }],
  ['userId', { type: 'a', userId: '\ud800' }],
  ['userId', { type: 'a', userId: 42 }],
  ['sessionId', { type: 'a', sessionId: 'x'.repeat(201) }],
  ['device', { type: 'a', device: 'toaster' }],
  ['properties', { type: 'a', properties: [] }],
  ['properties', { type: 'a', properties: { text: 'x'.repeat(16 * 1024) } }],
  ['properties.cart.note', { type: 'a', properties: { cart: { note: '\u0000' } } }],
  ['properties.list.1', { type: 'a', properties: { list: ['fine', '\udfff'] } }],
  [expect.stringMatching(/^properties\.a\.a/), { type: 'a', properties: DEEP }],
  ['propertes', { type: 'a', propertes: {} }],
  ['__proto__', JSON.parse('{"type":"a","__proto__":{"type":"b"}}') as object],
])('names the field at fault: %s', async (path, event) => {
  const { status, reason } = await ingestOne(await api.createTenant(), event);
  expect(status).toBe('rejected');
  expect(reason).toEqual({ code: 'invalid_field', path, message: expect.stringMatching(/./) });
});

test('rejects what lies more than a day ahead or 20 years back, and takes what does not', async () => {
  const tenant = await api.createTenant();
  const at = (offsetMs: number) => ({ type: 'a', occurredAt: new Date(Date.now() + offsetMs).toISOString() });
  expect(await ingestOne(tenant, at(DAY_MS - 60_000))).toMatchObject({ status: 'accepted' });
  expect(await ingestOne(tenant, at(-19 * 365 * DAY_MS))).toMatchObject({ status: 'accepted' });
  expect(await ingestOne(tenant, at(DAY_MS + 60_000))).toMatchObject({
    status: 'rejected',
    occurredAt: expect.any(String),
    reason: { code: 'too_far_ahead', path: 'occurredAt' },
  });
  expect(await ingestOne(tenant, at(-21 * 366 * DAY_MS))).toMatchObject({
    status: 'rejected',
    reason: { code: 'too_far_back', path: 'occurredAt' },
  });
});

test('rejects a time that no receipt could say back, and stores its neighbours', async () => {
  const tenant = await api.createTenant();
  const { receipts } = await ingest(tenant, [
    { type: 'a' },
    { type: 'a', occurredAt: '9999-12-31T23:59:59-23:59' },
    { type: 'a', occurredAt: '0000-01-01T00:00:00+14:00' },
    { type: 'a', id: 'ffffffff-ffff-7fff-bfff-ffffffffffff' },
  ]);
  expect(receipts.map(({ occurredAt }) => occurredAt === null)).toEqual([false, true, true, true]);
  expect(receipts.map(({ reason }) => reason?.code)).toEqual([
    undefined,
    'too_far_ahead',
    'too_far_back',
    'too_far_ahead',
  ]);
  expect(await countEvents(tenant)).toBe(1);
});

test('gives a tenant at most 1,000 types, and says so of each type beyond', async () => {
  const tenant = await api.createTenant();
  const types = Array.from({ length: 1_000 }, (_, index) => ({ type: `type-${index}` }));
  expect((await ingest(tenant, types)).receipts.every(({ status }) => status === 'accepted')).toBe(true);
  const { receipts } = await ingest(tenant, [{ type: 'type-0' }, { type: 'one more' }, { type: 'type-999' }]);
  expect(receipts.map(({ status }) => status)).toEqual(['accepted', 'rejected', 'accepted']);
  expect(receipts[1]?.reason).toMatchObject({ code: 'too_many_types', path: 'type' });
});

test('takes 1 to 1,000 events at a time', async () => {
  const tenant = await api.createTenant();
  const events = Array.from({ length: 1_001 }, () => ({ type: 'a' }));
  expect((await ingest(tenant, events.slice(1))).receipts).toHaveLength(1_000);
  for (const refused of [{ events }, { events: [] }, {}, { events: {} }]) {
    expectInvalid(await tenant.admin.post('events.ingest', refused), 'events');
  }
  expect(await countEvents(tenant)).toBe(1_000);
});

test('stores once what several callers send at the same time', async () => {
  const tenant = await api.createTenant();
  const events = Array.from({ length: 20 }, () => ({
    id: crypto.randomUUID(),
    type: 'a',
    occurredAt: new Date().toISOString(),
  }));
  const answers = await Promise.all(Array.from({ length: 8 }, () => ingest(tenant, events)));
  for (const place of events.keys()) {
    const statuses = answers.map(({ receipts }) => receipts[place]?.status);
    expect(statuses.filter((status) => status === 'accepted')).toHaveLength(1);
    expect(statuses.filter((status) => status === 'duplicate')).toHaveLength(7);
  }
  expect(await countEvents(tenant)).toBe(20);
});
