import { gzipSync } from 'node:zlib';
import { summarySchema, tenantSchema } from '@tidemark/schemas';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { type ContractServer, contractServer } from './contract-server.ts';
import { dataOf, expectInvalid, expectRefusal, refusalOf } from './expectations.ts';
import { toQueryPath } from './http-caller.ts';

let api: ContractServer;
beforeAll(async () => {
  api = await contractServer();
});
afterAll(() => api[Symbol.asyncDispose]());

const JSON_HEADERS = { 'content-type': 'application/json' };
const LAST_HOUR = { last: '1h' };

test('answers queries by GET and, for long ones, by POST', async () => {
  const { admin } = await api.createTenant();
  const byGet = dataOf(await admin.query('analytics.summary', LAST_HOUR), summarySchema);
  const byPost = dataOf(await admin.post('analytics.summary', LAST_HOUR), summarySchema);
  expect(byPost.series.length).toBe(byGet.series.length);
});

test('answers in plain JSON, with times as ISO 8601 in UTC with milliseconds', async () => {
  const answer = await api.platform.post('admin.tenants.create', { slug: 'plain-json', name: 'Plain' });
  expect(answer.headers.get('content-type')).toBe('application/json');
  const { createdAt } = dataOf(answer, tenantSchema);
  expect(createdAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
});

test('takes mutations by POST alone', async () => {
  const byGet = await api.platform.query('admin.tenants.create', { slug: 'by-get', name: 'By GET' });
  const { reason, evidence } = expectRefusal(byGet, 'method_not_allowed');
  expect(reason).toContain('by POST');
  expect(evidence).toEqual({ path: 'admin.tenants.create', allow: ['POST'] });
  expect(byGet.headers.get('allow')).toContain('POST');
  for (const method of ['PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
    const refused = await api.platform.send('/trpc/admin.tenants.list', { method });
    expectRefusal(refused, 'method_not_allowed');
    expect(refused.headers.get('allow')).toBe('GET, HEAD, POST');
  }
});

test('answers a batch call by call, one refusal among them leaving the others be', async () => {
  const { admin } = await api.createTenant();
  const inputs = { 0: LAST_HOUR, 1: { last: 'a while' } };
  const path = `/trpc/analytics.summary,analytics.summary,no.such?batch=1&input=${encodeURIComponent(JSON.stringify(inputs))}`;
  const { status, headers, body } = await admin.send(path);
  expect(status).toBe(207);
  const [answered, invalid, unknown] = z.tuple([z.unknown(), z.unknown(), z.unknown()]).parse(body);
  dataOf({ status: 200, headers, body: answered }, summarySchema);
  expectInvalid({ status: 400, headers, body: invalid }, 'last');
  expectRefusal({ status: 404, headers, body: unknown }, 'not_found');
});

test('takes 20 calls in a batch, and refuses 21', async () => {
  const batchOf = (calls: number, comma = ',') =>
    api.platform.send(`/trpc/${Array.from({ length: calls }, () => 'admin.tenants.list').join(comma)}?batch=1`);
  const { status, body } = await batchOf(20);
  expect(status).toBe(200);
  expect(body).toHaveLength(20);
  const { reason, evidence } = expectRefusal(await batchOf(21), 'invalid_input');
  expect(reason).toContain('20');
  expect(evidence).toEqual({ limit: 20, calls: 21 });
  expectRefusal(await batchOf(21, '%2C'), 'invalid_input');
});

test('refuses a batch that mixes queries with mutations', async () => {
  const { platform } = api;
  const answer = await platform.send('/trpc/admin.tenants.list,admin.sessions.end?batch=1');
  expectInvalid(answer, '');
  expect(refusalOf(answer).reason).toContain('several of one kind');
});

test.each(['{"slug":', 'NaN', '{"slug":"a",}', "{'slug':1}", '\u0000'])('refuses malformed JSON: %j', async (text) => {
  const { platform } = api;
  const path = '/trpc/admin.tenants.create';
  const answer = await platform.send(path, { method: 'POST', headers: JSON_HEADERS, body: text });
  expectInvalid(answer, '');
  expect(refusalOf(answer).reason).toMatch(/^The input must be JSON: /);
  const query = `/trpc/admin.keys.list?input=${encodeURIComponent(text)}`;
  expect(refusalOf(await platform.send(query)).httpStatus).toBe(400);
});

test('refuses an input that is no object', async () => {
  const { admin } = await api.createTenant();
  for (const input of [null, 3, 'text', [], [{}], true]) {
    expectRefusal(await admin.query('events.list', input), 'invalid_input');
    expectRefusal(await admin.post('events.ingest', input), 'invalid_input');
  }
});

test.each([
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/octet-stream',
])('refuses a body of %s', async (contentType) => {
  const headers = { 'content-type': contentType };
  const answer = await api.platform.send('/trpc/admin.tenants.create', { method: 'POST', headers, body: '{}' });
  const { reason, evidence } = expectRefusal(answer, 'unsupported_media_type');
  expect(reason).toContain('application/json');
  expect(evidence).toEqual({ contentType });
});

test('refuses a compressed body, which it would not read', async () => {
  const body = gzipSync('{"slug":"packed","name":"Packed"}');
  const send = (encoding: string) => {
    const headers = { ...JSON_HEADERS, 'content-encoding': encoding };
    return api.platform.send('/trpc/admin.tenants.create', { method: 'POST', headers, body });
  };
  const answer = await send('gzip');
  const { reason, evidence } = expectRefusal(answer, 'unsupported_media_type');
  expect(answer.headers.get('accept-encoding')).toBe('identity');
  expect(reason).toContain('uncompressed');
  expect(evidence).toEqual({ contentEncoding: 'gzip' });
  expectInvalid(await send('identity'), '');
});

test('takes JSON in any spelling of its content type', async () => {
  const headers = { 'content-type': 'Application/JSON; charset=utf-8' };
  const body = JSON.stringify({ slug: 'spelling', name: 'Spelling' });
  dataOf(await api.platform.send('/trpc/admin.tenants.create', { method: 'POST', headers, body }), tenantSchema);
});

test('refuses a body beyond 4 MiB, however its length is told', async () => {
  const { admin } = await api.createTenant();
  const body = `{"events":[${' '.repeat(4 * 1024 * 1024)}]}`;
  const told = await admin.send('/trpc/events.ingest', { method: 'POST', headers: JSON_HEADERS, body });
  expect(expectRefusal(told, 'payload_too_large').evidence).toEqual({ limitBytes: 4_194_304 });
  const streamed = { body: new Blob([body]).stream(), duplex: 'half' } as const;
  const untold = await admin.send('/trpc/events.ingest', { method: 'POST', headers: JSON_HEADERS, ...streamed });
  expectRefusal(untold, 'payload_too_large');
});

test.each([
  '',
  'nothing',
  'admin',
  'admin.tenants',
  'admin.tenants.list.more',
  '__proto__',
  'admin.constructor',
  '%00',
])('knows no procedure named %j', async (name) => {
  const { reason, evidence } = expectRefusal(await api.platform.send(`/trpc/${name}`), 'not_found');
  expect(reason).toContain('check the spelling');
  expect(evidence).toEqual({ path: decodeURIComponent(name) });
});

test('refuses a path that is not well encoded', async () => {
  const answer = await api.platform.send('/trpc/%E0%A4%A');
  expectInvalid(answer, '');
  expect(refusalOf(answer).reason).toContain('encode it in UTF-8');
});

test('refuses a field it does not know, so that a misspelt filter is no silent one', async () => {
  const { admin } = await api.createTenant();
  expectInvalid(await admin.query('events.list', { typs: ['a'] }), '');
  expectInvalid(await admin.query('analytics.summary', { ...LAST_HOUR, timezone: 'UTC' }), '');
});

test('says a harmless request id back, and makes one in place of any other', async () => {
  const path = toQueryPath('admin.tenants.list');
  const kept = await api.anyone.with({ 'x-request-id': 'order-7.retry_2' }).send(path);
  expect(expectRefusal(kept, 'unauthenticated').requestId).toBe('order-7.retry_2');
  for (const unsafe of ['a b', '<script>', 'x'.repeat(65), 'a"b', '%0a']) {
    const answer = await api.anyone.with({ 'x-request-id': unsafe }).send(path);
    expect(expectRefusal(answer, 'unauthenticated').requestId).toMatch(/^[0-9a-f-]{36}$/);
  }
});
