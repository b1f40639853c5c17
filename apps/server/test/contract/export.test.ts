import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { get, type IncomingMessage } from 'node:http';
import { createdKeySchema, type Event, type EventInput, eventSchema, summarySchema } from '@tidemark/schemas';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ContractServer, type ContractTenant, contractServer } from './contract-server.ts';
import { dataOf, expectInvalid, expectRefusal } from './expectations.ts';
import { BIG, fillBig } from './fill-big.ts';
import type { HttpCaller } from './http-caller.ts';

let api: ContractServer;
beforeAll(async () => {
  api = await contractServer();
});
afterAll(() => api[Symbol.asyncDispose]());

const RANGE = 'from=2026-11-01T00:00:00Z&to=2026-12-01T00:00:00Z';

/** Fields that break formats: formulas, quotes, commas, line ends, blanks, apostrophes, other scripts. */
const HARD = ['=1+1', '+1', '-1', '@a', "'quoted", "''", 'a,b', 'a"b', '"', 'a\r\nb', '\t', ' a ', 'naïve 🚀', '1e5'];

function makeEvents(count: number): EventInput[] {
  return Array.from({ length: count }, (_, index) => ({
    id: crypto.randomUUID(),
    type: HARD[index % HARD.length] ?? 'view',
    // Many of one millisecond, so that pages are cut among them.
    occurredAt: new Date(Date.UTC(2026, 10, 1 + (index % 20)) + Math.floor(index / 400)).toISOString(),
    ...(index % 3 > 0 && { userId: HARD[(index * 7) % HARD.length] ?? 'ada' }),
    ...(index % 4 > 0 && { sessionId: `session, "${index}"` }),
    ...(index % 5 > 0 && { device: 'mobile' as const }),
    properties: { index, text: HARD[index % HARD.length] ?? '', nested: { list: [1, null, 'x'] } },
  }));
}

async function ingest(caller: HttpCaller, events: readonly EventInput[], status: 'accepted' | 'duplicate') {
  for (let from = 0; from < events.length; from += 1_000) {
    const { body } = await caller.post('events.ingest', { events: events.slice(from, from + 1_000) });
    const { receipts } = (body as { result: { data: { receipts: { status: string }[] } } }).result.data;
    expect(receipts.filter((receipt) => receipt.status !== status)).toEqual([]);
  }
}

async function exportLines(caller: HttpCaller, search = ''): Promise<Event[]> {
  const { status, headers, body } = await caller.send(`/export/events.ndjson${search}`);
  expect(status).toBe(200);
  expect(headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8');
  const lines = String(body).split('\n');
  expect(lines.pop()).toBe('');
  return lines.map((line) => eventSchema.parse(JSON.parse(line)));
}

function toInput({ receivedAt: _receivedAt, ...event }: Event): EventInput {
  return Object.fromEntries(Object.entries(event).filter(([, value]) => value !== null)) as EventInput;
}

async function summarize({ admin }: ContractTenant) {
  const question = { from: '2026-11-01T00:00:00Z', to: '2026-12-01T00:00:00Z', interval: 'day', groupBy: 'type' };
  const { meta: _meta, ...numbers } = dataOf(await admin.query('analytics.summary', question), summarySchema);
  return numbers;
}

test('what is exported comes in order, whole, and back in: nothing new to the tenant, the same numbers to another', async () => {
  const tenant = await api.createTenant();
  const events = makeEvents(3_500);
  await ingest(tenant.admin, events, 'accepted');
  const exported = await exportLines(tenant.admin);
  const keys = exported.map(({ occurredAt, id }) => `${occurredAt} ${id}`);
  expect(keys).toEqual(events.map(({ occurredAt, id }) => `${occurredAt} ${id}`).sort());

  await ingest(tenant.admin, exported.map(toInput), 'duplicate');
  const fresh = await api.createTenant();
  await ingest(fresh.admin, exported.map(toInput), 'accepted');
  expect(await summarize(fresh)).toEqual(await summarize(tenant));
  expect((await exportLines(fresh.admin)).map(toInput)).toEqual(exported.map(toInput));
});

test('exports CSV that a reader of RFC 4180 takes apart, formulas guarded', async () => {
  const { admin } = await api.createTenant();
  await ingest(admin, makeEvents(200), 'accepted');
  const { status, headers, body } = await admin.send('/export/events.csv');
  expect(status).toBe(200);
  expect(headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
  expect(headers.get('content-disposition')).toBe('attachment; filename="events.csv"');
  const rows: Record<string, string>[] = parse(String(body), { columns: true });
  const fields = rows.flatMap(({ type = '', userId = '', sessionId = '' }) => [type, userId, sessionId]);
  expect(fields.filter((field) => /^[=+\-@\t\r]/.test(field))).toEqual([]);
  const undo = (field = '') => (field === '' ? null : field.replace(/^'/, ''));
  const read = rows.map(({ type, userId, sessionId, device, properties = '', ...rest }) => ({
    ...rest,
    type: undo(type),
    userId: undo(userId),
    sessionId: undo(sessionId),
    device: undo(device),
    properties: JSON.parse(properties),
  }));
  expect(read).toEqual(await exportLines(admin));
});

test('takes the filters of every other read', async () => {
  const { admin } = await api.createTenant();
  await ingest(admin, makeEvents(100), 'accepted');
  const all = await exportLines(admin);
  const search = new URLSearchParams([
    ['types', 'a,b'],
    ['types', '=1+1'],
    ['devices', 'null'],
    ['devices', 'mobile'],
    ['from', '2026-11-03T00:00:00Z'],
    ['to', '2026-11-15T00:00:00Z'],
  ]);
  const expected = all.filter(
    ({ type, occurredAt }) => ['a,b', '=1+1'].includes(type) && occurredAt >= '2026-11-03' && occurredAt < '2026-11-15',
  );
  expect(expected.length).toBeGreaterThan(0);
  expect(await exportLines(admin, `?${search.toString()}`)).toEqual(expected);
  const properties = JSON.stringify([{ path: 'index', in: [7, 9] }]);
  expect(await exportLines(admin, `?${new URLSearchParams({ properties }).toString()}`)).toHaveLength(2);
  expect(await exportLines(admin, '?userId=nobody')).toEqual([]);
  const found = all.filter(({ type, userId, sessionId, properties }) =>
    [type, userId, sessionId, JSON.stringify(properties)].some((text) => text?.includes('naïve')),
  );
  expect(found.length).toBeGreaterThan(0);
  expect(await exportLines(admin, '?search=na%C3%AFve')).toEqual(found);
  expect(await exportLines(admin, '?from=2020-01-01T00:00:00Z&to=2020-02-01T00:00:00Z')).toEqual([]);
});

test('refuses before the first byte in the shape of every refusal', async () => {
  const { id, admin, caller } = await api.createTenant();
  expectRefusal(await api.anyone.send('/export/events.ndjson'), 'unauthenticated');
  expectRefusal(await (await caller('ingest')).send('/export/events.ndjson'), 'forbidden');
  expect((await (await caller('viewer')).send('/export/events.ndjson')).status).toBe(200);
  expectRefusal(await api.platform.send('/export/events.csv'), 'tenant_required');
  expect((await api.platform.with({ 'x-tenant-id': id }).send('/export/events.csv')).status).toBe(200);
  const other = await api.createTenant();
  expectRefusal(await admin.with({ 'x-tenant-id': other.id }).send('/export/events.csv'), 'forbidden');
  expectRefusal(await admin.send('/export/events.ndjson', { method: 'POST' }), 'method_not_allowed');
  expectRefusal(await admin.send('/export/events.xml'), 'not_found');
  expectInvalid(await admin.send('/export/events.csv?from=yesterday'), 'from');
  expectInvalid(await admin.send('/export/events.csv?devices=toaster'), 'devices.0');
  expectInvalid(await admin.send('/export/events.csv?nonsense=1'), '');
  expectInvalid(await admin.send(`/export/events.csv?${RANGE}&from=2026-11-02T00:00:00Z`), 'from');
  expectInvalid(await admin.send('/export/events.csv?properties=%7B'), 'properties');
});

test('shows a tenant its own events alone', async () => {
  const [one, other] = [await api.createTenant(), await api.createTenant()];
  await ingest(one.admin, makeEvents(5), 'accepted');
  await ingest(other.admin, makeEvents(7), 'accepted');
  expect(await exportLines(one.admin)).toHaveLength(5);
});

/** One fewer than a tenant may have open. */
const PAUSED = 3;

/** An answer whose body nobody reads yet. */
async function open(key: string): Promise<IncomingMessage> {
  const request = get(`${api.server.url}/export/events.ndjson`, { headers: { authorization: `Bearer ${key}` } });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  response.pause();
  return response;
}

async function readResidentMiB(): Promise<number> {
  const status = await readFile(`/proc/${api.server.pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1_024;
}

test('a reader that pauses is waited for without holding its events, and one whose key ends gets no clean end', {
  timeout: 180_000,
}, async () => {
  const tenant = await api.createTenant();
  await ingest(tenant.admin, makeEvents(1), 'accepted');
  await fillBig(api.databaseUrl, tenant.id);
  const makeKey = async () =>
    dataOf(await tenant.admin.post('admin.keys.create', { name: 'reader', role: 'viewer' }), createdKeySchema);
  const patient = await makeKey();
  const exportAll = async () => expect(await exportLines(tenant.admin)).toHaveLength(BIG.events + 1);
  await exportAll();
  const before = await readResidentMiB();
  const paused = await Promise.all(Array.from({ length: PAUSED }, () => open(patient.secret)));
  // While this one runs to its end so would the others, into some 300 MiB, were they not waiting.
  await exportAll();
  expect((await readResidentMiB()) - before).toBeLessThan(150);
  const last = await open(patient.secret);
  const refused = await tenant.admin.send('/export/events.csv');
  expect(expectRefusal(refused, 'overloaded').evidence).toMatchObject({ streams: PAUSED + 1 });
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  last.destroy();
  await expect.poll(async () => (await tenant.admin.send('/export/events.csv?userId=nobody')).status).toBe(200);
  const counts = await Promise.all(paused.map(countLines));
  expect(counts).toEqual(paused.map(() => BIG.events + 1));

  const { id, secret } = await makeKey();
  const doomed = await open(secret);
  expect((await tenant.admin.post('admin.keys.revoke', { id })).status).toBe(200);
  await expect(countLines(doomed)).rejects.toThrow('aborted');
});

async function countLines(response: IncomingMessage): Promise<number> {
  let lines = 0;
  for await (const chunk of response) for (const byte of chunk as Buffer) lines += Number(byte === 0x0a);
  return lines;
}
