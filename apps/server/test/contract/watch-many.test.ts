import { summarySchema } from '@tidemark/schemas';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { type ContractServer, contractServer } from './contract-server.ts';
import { refusalOf } from './expectations.ts';
import { type SseEvent, SseReader } from './sse-reader.ts';

let api: ContractServer;
beforeAll(async () => {
  api = await contractServer();
});
afterAll(() => api[Symbol.asyncDispose]());

const answerSchema = z.strictObject({ key: z.string(), output: summarySchema });
const DAY = { last: '24h', interval: 'hour' };

/** The newest total of each key, read until every key has the wished one. */
async function readUntil(stream: SseReader, wished: Readonly<Record<string, number>>): Promise<void> {
  const totals: Record<string, number> = {};
  await stream.find(({ event, id, data }: SseEvent) => {
    if (event !== null) return false;
    const { key, output } = answerSchema.parse(data);
    expect(id).toMatch(/^\d+:/);
    totals[key] = output.totals.events;
    return Object.entries(wished).every(([name, events]) => totals[name] === events);
  });
}

test('watches several questions on one stream, each by its key', async () => {
  const { admin } = await api.createTenant();
  const queries = [
    { key: 'all', input: DAY },
    { key: 'buys', input: { ...DAY, types: ['buy'] } },
  ];
  await using stream = await SseReader.open(admin, 'analytics.watchMany', { queries });
  await readUntil(stream, { all: 0, buys: 0 });
  await admin.post('events.ingest', { events: [{ type: 'view' }, { type: 'buy' }] });
  await readUntil(stream, { all: 2, buys: 1 });
  await using resumed = await SseReader.open(admin.with({ 'last-event-id': '1:all' }), 'analytics.watchMany', {
    queries,
  });
  await readUntil(resumed, { all: 2, buys: 1 });
});

test.each([
  ['no question', []],
  ['17 questions', Array.from({ length: 17 }, (_, index) => ({ key: `${index}`, input: DAY }))],
  [
    'one key twice',
    [
      { key: 'a', input: DAY },
      { key: 'a', input: DAY },
    ],
  ],
  ['a key that breaks the line of the stream', [{ key: 'a\ndata: {}', input: DAY }]],
  ['a key that no stream can say', [{ key: '\u0000', input: DAY }]],
  ['a broken question', [{ key: 'a', input: { last: 'a while' } }]],
])('refuses %s', async (_, queries) => {
  const { admin } = await api.createTenant();
  await using stream = await SseReader.open(admin, 'analytics.watchMany', { queries });
  const { data } = await stream.find(({ event }) => event !== 'connected');
  const { headers } = stream.response;
  expect(refusalOf({ status: 400, headers, body: { error: data } }).code).toBe('invalid_input');
  expect(await stream.next()).toBeUndefined();
});
