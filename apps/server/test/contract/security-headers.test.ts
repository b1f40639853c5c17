import { afterAll, beforeAll, expect, test } from 'vitest';
import { sendBytes } from '../fuzz/raw-http.ts';
import { type ContractServer, contractServer } from './contract-server.ts';
import { SseReader } from './sse-reader.ts';

let api: ContractServer;
beforeAll(async () => {
  api = await contractServer({ env: { TIDEMARK_CORS: 'https://app.example' } });
});
afterAll(() => api[Symbol.asyncDispose]());

function assertStrict(headers: Headers): void {
  expect(Object.fromEntries(headers)).toMatchObject({
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': expect.stringMatching(/^no-store\b/),
  });
  expect(headers.has('x-powered-by')).toBe(false);
  expect(headers.has('server')).toBe(false);
}

test('every answer says that it is no page, and is not to be kept', async () => {
  const { admin } = await api.createTenant();
  const asked = [
    await admin.query('events.list', {}),
    await admin.query('events.list', { limit: 0 }),
    await admin.post('events.ingest', { events: [{ type: 'a' }] }),
    await admin.send('/trpc/events.list,events.list?batch=1&input={"0":{},"1":{}}'),
    await admin.send('/export/events.csv?last=1h'),
    await api.anyone.query('events.list', {}),
    await api.anyone.send('/healthz'),
    await api.anyone.send('/readyz'),
    await api.anyone.send('/nothing'),
    await api.anyone.send('/trpc/none', { method: 'DELETE' }),
    await api.anyone.with({ origin: 'https://app.example', 'access-control-request-method': 'POST' }).send('/trpc/a', {
      method: 'OPTIONS',
    }),
    await sendBytes(api.server, Buffer.from('nonsense\r\n\r\n')),
  ];
  for (const { headers } of asked) assertStrict(headers);
});

test('a stream is not to be kept either, nor changed on its way', async () => {
  const { admin } = await api.createTenant();
  await using stream = await SseReader.open(admin, 'events.tail', {});
  assertStrict(stream.response.headers);
  expect(stream.response.headers.get('cache-control')).toBe('no-store, no-transform');
  const headers = { ...admin.headers, 'trpc-accept': 'application/jsonl' };
  const batch = await fetch(`${admin.url}/trpc/events.list?batch=1&input={"0":{}}`, { headers });
  assertStrict(batch.headers);
  await batch.body?.cancel();
});

test('asks for TLS from then on where a proxy says that it speaks it, and nowhere else', async () => {
  const name = 'strict-transport-security';
  expect((await api.anyone.send('/healthz')).headers.has(name)).toBe(false);
  expect((await api.anyone.with({ 'x-forwarded-proto': 'http' }).send('/healthz')).headers.has(name)).toBe(false);
  const behind = await api.anyone.with({ 'x-forwarded-proto': 'https' }).send('/healthz');
  expect(behind.headers.get(name)).toBe('max-age=31536000');
});
