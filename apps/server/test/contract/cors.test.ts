import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ContractServer, contractServer } from './contract-server.ts';

let api: ContractServer;
beforeAll(async () => {
  api = await contractServer({ env: { TIDEMARK_CORS: 'https://app.example, http://localhost:8080/' } });
});
afterAll(() => api[Symbol.asyncDispose]());

const PREFLIGHT = { 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' };

function corsHeadersOf(headers: Headers): string[] {
  return [...headers.keys()].filter((name) => name.startsWith('access-control-'));
}

test('opens to no origin by default', async () => {
  await using closed = await contractServer();
  const elsewhere = closed.platform.with({ origin: 'https://app.example' });
  const called = await elsewhere.query('admin.tenants.list');
  expect(called.status).toBe(200);
  expect(corsHeadersOf(called.headers)).toEqual([]);
  const asked = await elsewhere.with(PREFLIGHT).send('/trpc/admin.tenants.list', { method: 'OPTIONS' });
  expect(corsHeadersOf(asked.headers)).toEqual([]);
});

test('opens to the origins it is told, each by its name', async () => {
  for (const origin of ['https://app.example', 'http://localhost:8080']) {
    const { headers } = await api.platform.with({ origin }).query('admin.tenants.list');
    expect(headers.get('access-control-allow-origin')).toBe(origin);
    expect(headers.get('access-control-expose-headers')).toContain('x-request-id');
    expect(headers.get('access-control-allow-credentials')).toBeNull();
  }
  for (const origin of ['https://app.example.evil', 'http://app.example', 'https://APP.example', 'null']) {
    const { headers } = await api.platform.with({ origin }).query('admin.tenants.list');
    expect(corsHeadersOf(headers)).toEqual([]);
  }
});

test('answers a preflight without a key, naming what may be sent', async () => {
  const asking = api.anyone.with({ origin: 'https://app.example', ...PREFLIGHT });
  const { status, headers } = await asking.send('/trpc/events.ingest', { method: 'OPTIONS' });
  expect(status).toBe(204);
  expect(headers.get('access-control-allow-origin')).toBe('https://app.example');
  expect(headers.get('access-control-allow-methods')).toContain('POST');
  for (const name of ['authorization', 'content-type', 'x-tenant-id', 'x-priority']) {
    expect(headers.get('access-control-allow-headers')).toContain(name);
  }
});

test('tells caches that answers differ by origin, refusals too', async () => {
  for (const caller of [api.platform, api.anyone, api.platform.with({ origin: 'https://app.example' })]) {
    for (const path of ['/trpc/admin.tenants.list', '/healthz', '/nothing']) {
      expect((await caller.send(path)).headers.get('vary')).toContain('origin');
    }
  }
});

test('lets a page of an allowed origin read a refusal', async () => {
  const { status, headers } = await api.anyone.with({ origin: 'https://app.example' }).query('admin.tenants.list');
  expect(status).toBe(401);
  expect(headers.get('access-control-allow-origin')).toBe('https://app.example');
});
