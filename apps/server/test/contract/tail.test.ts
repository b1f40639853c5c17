import {
  createdKeySchema,
  type ErrorCode,
  type EventInput,
  ingestOutputSchema,
  type TailMessage,
  tailMessageSchema,
} from '@tidemark/schemas';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ContractServer, type ContractTenant, contractServer } from './contract-server.ts';
import { expectStreamRefusal } from './expect-stream-refusal.ts';
import { dataOf } from './expectations.ts';
import type { HttpCaller } from './http-caller.ts';
import { SseReader } from './sse-reader.ts';

let api: ContractServer;
beforeAll(async () => {
  api = await contractServer();
});
afterAll(() => api[Symbol.asyncDispose]());

async function send({ admin }: ContractTenant, ...events: readonly EventInput[]): Promise<(string | null)[]> {
  const { receipts } = dataOf(await admin.post('events.ingest', { events }), ingestOutputSchema);
  expect(receipts.filter(({ status }) => status !== 'accepted')).toEqual([]);
  return receipts.map(({ id }) => id);
}

async function tail(caller: HttpCaller, input: object = {}): Promise<SseReader> {
  return await SseReader.open(caller, 'events.tail', input);
}

/** The next message with its id; pings and the like aside. */
async function next(stream: SseReader): Promise<{ id: string; message: TailMessage }> {
  const { id, event, data } = await stream.find((one) => one.id !== null || one.event === 'serialized-error');
  expect(event).toBeNull();
  const message = tailMessageSchema.parse(data);
  expect(message).toEqual(data);
  return { id: id ?? '', message };
}

async function nextEventId(stream: SseReader): Promise<string> {
  const { message } = await next(stream);
  if (!('event' in message)) throw new Error(`no event: ${JSON.stringify(message)}`);
  return message.event.id;
}

test('tells its place, then sends each event as it is stored, with a tracked id', async () => {
  const tenant = await api.createTenant();
  await using stream = await tail(tenant.admin);
  expect(stream.response.headers.get('content-type')).toContain('text/event-stream');
  expect(await next(stream)).toEqual({ id: '0:0', message: { skipped: 0 } });
  const [id] = await send(tenant, { type: 'a', userId: 'ada', device: 'mobile', properties: { path: '/' } });
  expect(await next(stream)).toMatchObject({
    id: '1:0',
    message: { event: { id, type: 'a', userId: 'ada', device: 'mobile', sessionId: null, properties: { path: '/' } } },
  });
});

test('takes up a stream where it broke, by the header or by the field: nothing missed, nothing twice', async () => {
  const tenant = await api.createTenant();
  const ids = await send(tenant, { type: 'a' }, { type: 'b' }, { type: 'c' });
  ids.push(...(await send(tenant, { type: 'd' })));
  await using byHeader = await tail(tenant.admin.with({ 'last-event-id': '1:0' }));
  await using byField = await tail(tenant.admin, { lastEventId: '1:0' });
  for (const stream of [byHeader, byField]) {
    expect([await nextEventId(stream), await nextEventId(stream), await nextEventId(stream)]).toEqual(ids.slice(1));
  }
});

test.each<[string, object]>([
  ['types', { types: ['buy', 'none'] }],
  ['devices', { devices: ['tablet'] }],
  ['a user', { userId: 'ada' }],
  ['a property', { properties: [{ path: 'cart.currency', in: ['EUR'] }] }],
])('filters by %s as events.list does', async (_name, filters) => {
  const tenant = await api.createTenant();
  await using stream = await tail(tenant.admin, filters);
  await next(stream);
  const other = { type: 'view', userId: 'bo', device: 'mobile', properties: { cart: { currency: 'USD' } } } as const;
  const wanted = { type: 'buy', userId: 'ada', device: 'tablet', properties: { cart: { currency: 'EUR' } } } as const;
  const [, id] = await send(tenant, other, wanted, other);
  expect(await nextEventId(stream)).toBe(id);
  const { body } = await tenant.admin.query('events.list', filters);
  expect(JSON.stringify(body)).toContain(id);
});

test('says how many it skipped', async () => {
  const tenant = await api.createTenant();
  await using stream = await tail(tenant.admin, { maxPerSecond: 2 });
  await next(stream);
  const sent = await send(tenant, ...Array.from({ length: 200 }, () => ({ type: 'a' })));
  const passed: string[] = [];
  let skipped = 0;
  while (passed.length + skipped < sent.length) {
    const { message } = await next(stream);
    if ('event' in message) passed.push(message.event.id);
    else skipped += message.skipped;
  }
  expect(passed.slice(0, 2)).toEqual(sent.slice(0, 2));
  expect(skipped).toBeGreaterThan(0);
});

test('shows every reader its own tenant alone', async () => {
  const [one, other] = [await api.createTenant(), await api.createTenant()];
  await using stream = await tail(one.admin);
  await next(stream);
  await send(other, { type: 'theirs' });
  const [mine] = await send(one, { type: 'mine' });
  expect(await nextEventId(stream)).toBe(mine);
});

test('refuses a stream in its own words', async () => {
  const tenant = await api.createTenant();
  const ingest = await tenant.caller('ingest');
  const refused: [HttpCaller, object, ErrorCode, string?][] = [
    [api.anyone, {}, 'unauthenticated'],
    [ingest, {}, 'forbidden'],
    [api.platform, {}, 'tenant_required'],
    [tenant.admin, { types: [] }, 'invalid_input', 'types'],
    [tenant.admin, { maxPerSecond: 0 }, 'invalid_input', 'maxPerSecond'],
    [tenant.admin, { lastEventId: 'yesterday' }, 'invalid_input', 'lastEventId'],
    [tenant.admin, { lastEventId: '7:0' }, 'cursor_expired', 'lastEventId'],
    [tenant.admin.with({ 'last-event-id': '7' }), {}, 'invalid_input', 'lastEventId'],
  ];
  for (const [caller, input, code, named = ''] of refused) {
    await using stream = await tail(caller, input);
    const { reason, evidence } = await expectStreamRefusal(stream, code);
    expect(`${reason} ${JSON.stringify(evidence)}`).toContain(named);
  }
});

test('ends when its key is revoked, though nothing happens', async () => {
  const tenant = await api.createTenant();
  const key = dataOf(await tenant.admin.post('admin.keys.create', { name: 'tv', role: 'viewer' }), createdKeySchema);
  await using stream = await tail(api.anyone.withKey(key.secret));
  await next(stream);
  expect((await tenant.admin.post('admin.keys.revoke', { id: key.id })).status).toBe(200);
  await expectStreamRefusal(stream, 'unauthenticated');
});
