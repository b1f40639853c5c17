import { createdKeySchema, type ErrorCode, type Summary, summarySchema } from '@tidemark/schemas';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ContractServer, type ContractTenant, contractServer } from './contract-server.ts';
import { expectStreamRefusal } from './expect-stream-refusal.ts';
import { dataOf } from './expectations.ts';
import type { HttpCaller } from './http-caller.ts';
import { type SseEvent, SseReader } from './sse-reader.ts';

let api: ContractServer;
beforeAll(async () => {
  api = await contractServer();
});
afterAll(() => api[Symbol.asyncDispose]());

const LAST_DAY = { last: '24h', interval: 'hour' };

async function send({ admin }: ContractTenant, ...types: readonly string[]): Promise<void> {
  const { status } = await admin.post('events.ingest', { events: types.map((type) => ({ type, userId: 'ada' })) });
  expect(status).toBe(200);
}

async function watch(caller: HttpCaller, input: object = LAST_DAY): Promise<SseReader> {
  return await SseReader.open(caller, 'analytics.watch', input);
}

function summaryOf({ event, data }: SseEvent): Summary {
  expect(event).toBeNull();
  const summary = summarySchema.parse(data);
  expect(summary).toEqual(data);
  return summary;
}

test('connects, answers at once, then on every change, each answer with the id of its last commit', async () => {
  const tenant = await api.createTenant();
  await send(tenant, 'a');
  await using stream = await watch(tenant.admin);
  const { status, headers } = stream.response;
  expect(status).toBe(200);
  expect(headers.get('content-type')).toContain('text/event-stream');
  expect(headers.get('cache-control')).toContain('no-store');
  expect(await stream.next()).toMatchObject({
    event: 'connected',
    data: { reconnectAfterInactivityMs: expect.any(Number) },
  });

  const first = await stream.find(() => true);
  expect(summaryOf(first).totals).toEqual({ events: 1, users: 1 });
  expect(first.id).toBe('1');
  await send(tenant, 'a', 'b');
  const second = await stream.find(({ id }) => id !== first.id);
  expect(summaryOf(second).totals).toEqual({ events: 3, users: 1 });
  expect(second.id).toBe('2');
});

test('answers as analytics.summary does, for the same question', async () => {
  const tenant = await api.createTenant();
  await send(tenant, 'a', 'b', 'b');
  const input = { ...LAST_DAY, groupBy: 'type', compare: 'previous', types: ['b', 'c'] };
  await using stream = await watch(tenant.admin, input);
  const watched = summaryOf(await stream.find(({ id }) => id !== null));
  const asked = dataOf(await tenant.admin.query('analytics.summary', input), summarySchema);
  expect(watched.totals).toEqual({ events: 2, users: 1, groups: [{ key: 'b', events: 2, users: 1 }] });
  expect(watched.totals).toEqual(asked.totals);
  expect(watched.previous?.totals).toEqual(asked.previous?.totals);
});

test('answers again within seconds where nothing changes, so that a silent stream is a dead one', async () => {
  const tenant = await api.createTenant();
  await using stream = await watch(tenant.admin);
  const first = await stream.find(({ id }) => id !== null);
  const second = await stream.find(({ id }) => id !== null);
  expect(second.id).toBe(first.id);
  // Nothing is counted again, and the answer says since when it stands.
  const { asOf, cache } = summaryOf(second).meta;
  expect({ asOf, status: cache.status }).toEqual({ asOf: summaryOf(first).meta.asOf, status: 'hit' });
  expect(cache.ageMs).toBeGreaterThan(1_000);
});

test('takes up a stream where it broke, by the header or by the field, and shows what came meanwhile', async () => {
  const tenant = await api.createTenant();
  await send(tenant, 'a');
  let lastEventId = '';
  {
    await using stream = await watch(tenant.admin);
    lastEventId = (await stream.find(({ id }) => id !== null)).id ?? '';
  }
  await send(tenant, 'a', 'a');
  await using byHeader = await watch(tenant.admin.with({ 'last-event-id': lastEventId }));
  await using byField = await watch(tenant.admin, { ...LAST_DAY, lastEventId });
  for (const stream of [byHeader, byField]) {
    const next = await stream.find(({ id }) => id !== null);
    expect(summaryOf(next).totals.events).toBe(3);
    expect(Number(next.id)).toBeGreaterThan(Number(lastEventId));
  }
});

test('shows every watcher its own tenant alone', async () => {
  const [one, other] = [await api.createTenant(), await api.createTenant()];
  await using stream = await watch(one.admin);
  await stream.find(({ id }) => id === '0');
  await send(other, 'a');
  await send(one, 'mine');
  const changed = await stream.find(({ id }) => id !== '0');
  expect(summaryOf(changed).totals.events).toBe(1);
});

test('refuses a stream in its own words', async () => {
  const tenant = await api.createTenant();
  const ingest = await tenant.caller('ingest');
  const refused: [HttpCaller, object, ErrorCode][] = [
    [api.anyone, LAST_DAY, 'unauthenticated'],
    [ingest, LAST_DAY, 'forbidden'],
    [api.platform, LAST_DAY, 'tenant_required'],
    [tenant.admin, { last: 'a while' }, 'invalid_input'],
    [tenant.admin, { from: '2010-01-01T00:00:00Z', to: '2026-01-01T00:00:00Z' }, 'range_too_long'],
    [tenant.admin, { ...LAST_DAY, lastEventId: 'x'.repeat(101) }, 'invalid_input'],
  ];
  for (const [caller, input, code] of refused) {
    await using stream = await watch(caller, input);
    await expectStreamRefusal(stream, code);
  }
});

test('ends when its key is revoked', async () => {
  const tenant = await api.createTenant();
  const key = dataOf(await tenant.admin.post('admin.keys.create', { name: 'tv', role: 'viewer' }), createdKeySchema);
  await using stream = await watch(api.anyone.withKey(key.secret));
  await stream.find(({ id }) => id !== null);
  expect((await tenant.admin.post('admin.keys.revoke', { id: key.id })).status).toBe(200);
  await send(tenant, 'a');
  await expectStreamRefusal(stream, 'unauthenticated');
});
