import { summarySchema } from '@tidemark/schemas';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ContractServer, contractServer } from './contract-server.ts';
import { dataOf, expectInvalid, expectRefusal } from './expectations.ts';
import type { HttpCaller } from './http-caller.ts';

let api: ContractServer;
let admin: HttpCaller;
beforeAll(async () => {
  api = await contractServer();
  admin = (await api.createTenant()).admin;
});
afterAll(() => api[Symbol.asyncDispose]());

const RANGE = { from: '2026-03-01T00:00:00Z', to: '2026-03-02T00:00:00Z' };
const FIFTY_ONE = Array.from({ length: 51 }, (_, index) => `type-${index}`);

test.each([
  ['from', {}],
  ['from', { to: RANGE.to }],
  ['to', { from: RANGE.from }],
  ['to', { from: RANGE.to, to: RANGE.from }],
  ['to', { from: RANGE.from, to: RANGE.from }],
  ['last', { ...RANGE, last: '1h' }],
  ['last', { from: RANGE.from, last: '1h' }],
  ['last', { last: '2h' }],
  ['from', { ...RANGE, from: '2026-03-01' }],
  ['from', { ...RANGE, from: '2026-03-01T00:00:00' }],
  ['from', { ...RANGE, from: '1969-12-31T23:59:59Z' }],
  ['to', { ...RANGE, to: '2200-01-01T00:00:00Z' }],
  ['to', { ...RANGE, to: '2026-02-30T00:00:00Z' }],
  ['from', { ...RANGE, from: 0 }],
  ['interval', { ...RANGE, interval: 'fortnight' }],
  ['timeZone', { ...RANGE, timeZone: 'Mars/Olympus' }],
  ['timeZone', { ...RANGE, timeZone: '+02:00' }],
  ['timeZone', { ...RANGE, timeZone: '' }],
  ['timeZone', { ...RANGE, timeZone: 'PST' }],
  ['timeZone', { ...RANGE, timeZone: "UTC'; SELECT 1" }],
  ['groupBy', { ...RANGE, groupBy: 'user' }],
  ['groupLimit', { ...RANGE, groupLimit: 0 }],
  ['groupLimit', { ...RANGE, groupLimit: 51 }],
  ['compare', { ...RANGE, compare: 'next' }],
  ['fresh', { ...RANGE, fresh: 'yes' }],
  ['types', { ...RANGE, types: FIFTY_ONE }],
  ['types.0', { ...RANGE, types: ['\u0000'] }],
  ['userId', { ...RANGE, userId: '\ud800' }],
  ['properties.0.path', { ...RANGE, properties: [{ path: '', in: ['a'] }] }],
  ['properties.0.in.0', { ...RANGE, properties: [{ path: 'a', in: [{}] }] }],
])('refuses a question, naming %s: %j', async (path, input) => {
  expectInvalid(await admin.query('analytics.summary', input), path);
});

test('answers five years, and refuses a moment more', async () => {
  const from = '2021-03-01T00:00:00.000Z';
  const fiveYears = await admin.query('analytics.summary', { from, to: '2026-03-01T00:00:00.000Z' });
  expect(dataOf(fiveYears, summarySchema).series).toHaveLength(60);
  const more = await admin.query('analytics.summary', { from, to: '2026-03-01T00:00:00.001Z' });
  expect(expectRefusal(more, 'range_too_long').evidence).toEqual({ field: 'to', limitYears: 5 });
});

test('answers 5,000 buckets, and refuses one more', async () => {
  const minutes = (count: number) => ({
    from: '2026-03-01T00:00:00.000Z',
    to: new Date(Date.parse('2026-03-01T00:00:00.000Z') + count * 60_000).toISOString(),
    interval: 'minute',
  });
  const answered = dataOf(await admin.query('analytics.summary', minutes(5_000)), summarySchema);
  expect(answered.series).toHaveLength(5_000);
  const { evidence } = expectRefusal(await admin.query('analytics.summary', minutes(5_001)), 'too_many_buckets');
  expect(evidence).toEqual({ field: 'interval', interval: 'minute', limit: 5_000 });
});

test('compares with what lies before 1970, where nothing can be', async () => {
  const input = { from: '1970-01-01T00:00:00Z', to: '1970-01-02T00:00:00Z', compare: 'previous' };
  const { previous } = dataOf(await admin.query('analytics.summary', input), summarySchema);
  expect(previous?.range).toEqual({ from: '1969-12-31T00:00:00.000Z', to: '1970-01-01T00:00:00.000Z' });
});
