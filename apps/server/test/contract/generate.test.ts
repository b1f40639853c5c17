import { type ErrorCode, type GenerateMessage, generateMessageSchema, summarySchema } from '@tidemark/schemas';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ContractServer, contractServer } from './contract-server.ts';
import { expectStreamRefusal } from './expect-stream-refusal.ts';
import { dataOf } from './expectations.ts';
import type { HttpCaller } from './http-caller.ts';
import { SseReader } from './sse-reader.ts';

let api: ContractServer;
beforeAll(async () => {
  api = await contractServer();
});
afterAll(() => api[Symbol.asyncDispose]());

const WEEK = { from: '2026-11-02T00:00:00.000Z', to: '2026-11-09T00:00:00.000Z' };

async function generate(caller: HttpCaller, input: object): Promise<SseReader> {
  return await SseReader.open(caller, 'events.generate', { ...WEEK, ...input });
}

/** The next message and its id. */
async function next(stream: SseReader): Promise<{ id: string; message: GenerateMessage }> {
  const { id, event, data } = await stream.find((one) => one.id !== null || one.event === 'serialized-error');
  expect(event).toBeNull();
  const message = generateMessageSchema.parse(data);
  expect(message).toEqual(data);
  return { id: id ?? '', message };
}

async function reportOf(stream: SseReader) {
  for (;;) {
    const { message } = await next(stream);
    if ('report' in message) return message.report;
  }
}

test('tells the seed first, then how far it is, at last the report, and ends', async () => {
  const { admin } = await api.createTenant();
  await using stream = await generate(admin, { count: 3_000, users: 50 });
  const { message } = await next(stream);
  expect(message).toEqual({
    done: 0,
    total: 3_000,
    perSecond: 0,
    seed: expect.stringMatching(/^[\da-f-]{36}$/) as string,
  });
  const report = await reportOf(stream);
  expect(report).toMatchObject({ total: 3_000, accepted: 3_000, duplicate: 0, rejected: 0 });
  expect(await stream.next()).toMatchObject({ event: 'return' });
  expect(await stream.next()).toBeUndefined();
  const { totals } = dataOf(await admin.query('analytics.summary', WEEK), summarySchema);
  expect(totals).toEqual({ events: 3_000, users: 50 });
});

test('goes on where a cut connection was, by the header, with the seed that it had made', async () => {
  const { admin } = await api.createTenant();
  let lastEventId = '';
  {
    await using stream = await generate(admin, { count: 20_000 });
    lastEventId = (await next(stream)).id;
  }
  await using stream = await generate(admin.with({ 'last-event-id': lastEventId }), { count: 20_000 });
  const { accepted, duplicate } = await reportOf(stream);
  expect(accepted + duplicate).toBe(20_000);
  const { totals } = dataOf(await admin.query('analytics.summary', WEEK), summarySchema);
  expect(totals.events).toBe(20_000);
});

test('refuses a run in its own words', async () => {
  const { admin, caller } = await api.createTenant();
  const refused: [HttpCaller, object, ErrorCode, string][] = [
    [await caller('viewer'), { count: 1 }, 'forbidden', 'events:write'],
    [api.platform, { count: 1 }, 'tenant_required', 'x-tenant-id'],
    [admin, { count: 1_000_001 }, 'invalid_input', 'count'],
    [admin, { count: 1, to: '2028-01-01T00:00:00Z' }, 'invalid_input', 'to'],
    [admin, { count: 1, from: 'yesterday' }, 'invalid_input', 'from'],
    [admin, { count: 1, lastEventId: 'made up' }, 'invalid_cursor', 'lastEventId'],
  ];
  for (const [from, input, code, named] of refused) {
    await using stream = await generate(from, input);
    const { reason, evidence } = await expectStreamRefusal(stream, code);
    expect(`${reason} ${JSON.stringify(evidence)}`).toContain(named);
  }
});
