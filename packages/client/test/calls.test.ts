import { expect, test } from 'vitest';
import { createTidemark, isTidemarkError, type Retry, toTidemarkError } from '../src/index.ts';
import { UnreliableServer } from './unreliable-server.ts';

const LAST_HOUR = { last: '1h' } as const;

async function refusalOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => undefined,
    (error: unknown) => error,
  );
}

test('sends the key, the tenant and the priority as headers', async () => {
  await using server = await UnreliableServer.start();
  const tidemark = createTidemark({ url: `${server.url}/`, key: 'secret', tenantId: 'the-tenant', priority: 'low' });
  await tidemark.analytics.summary.query(LAST_HOUR);
  expect(server.seen[0]?.url).toMatch(/^\/trpc\/analytics\.summary\?/);
  expect(server.seen[0]?.headers).toMatchObject({
    authorization: 'Bearer secret',
    'x-tenant-id': 'the-tenant',
    'x-priority': 'low',
  });
});

test('sends nothing of the sort without a key', async () => {
  await using server = await UnreliableServer.start();
  await createTidemark({ url: server.url }).analytics.summary.query(LAST_HOUR);
  expect(server.seen[0]?.headers).not.toHaveProperty('authorization');
  expect(server.seen[0]?.headers).not.toHaveProperty('x-tenant-id');
});

test('puts at most 20 queries of one tick into a request', async () => {
  await using server = await UnreliableServer.start();
  const { analytics } = createTidemark({ url: server.url });
  await Promise.all(Array.from({ length: 45 }, () => analytics.summary.query(LAST_HOUR)));
  const batches = server.seen.map(({ url }) => url.split('?')[0]?.split(',').length ?? 0);
  expect(batches).toEqual([20, 20, 5]);
});

test('gives each query a request of its own where they are not to be batched', async () => {
  await using server = await UnreliableServer.start();
  const { analytics } = createTidemark({ url: server.url, batching: false });
  const types = Array.from({ length: 50 }, (_, index) => `${index}`.padEnd(100, 'é'));
  const long: unknown = analytics.summary.query({ ...LAST_HOUR, types });
  await Promise.all(Array.from({ length: 45 }, () => analytics.summary.query(LAST_HOUR)));
  expect(await long).toEqual({ asked: { last: '1h', types } });
  expect(server.seen.filter(({ method }) => method === 'GET')).toHaveLength(45);
  expect(server.seen.filter(({ method }) => method === 'POST')).toHaveLength(1);
  expect(server.seen.filter(({ url }) => url.includes('batch='))).toEqual([]);
});

test('asks long questions by POST and short ones by GET', async () => {
  await using server = await UnreliableServer.start();
  const { analytics } = createTidemark({ url: server.url });
  const types = Array.from({ length: 50 }, (_, index) => `${index}`.padEnd(100, 'é'));
  const answer: unknown = await analytics.summary.query({ ...LAST_HOUR, types });
  await analytics.summary.query(LAST_HOUR);
  expect(answer).toEqual({ asked: { last: '1h', types } });
  expect(server.seen.map(({ method }) => method)).toEqual(['POST', 'GET']);
});

test('repeats a query that was refused for load, after the pause the server asks for', async () => {
  await using server = await UnreliableServer.start();
  server.refuseNext({ code: 'rate_limited', evidence: { retryAfterMs: 5 } }, { code: 'unavailable' });
  await createTidemark({ url: server.url }).analytics.summary.query(LAST_HOUR);
  expect(server.seen).toHaveLength(3);
});

test('says what it waits for, and waits no shorter than it was asked to, with a random while on top', async () => {
  await using server = await UnreliableServer.start();
  const told: Retry[] = [];
  const tidemark = createTidemark({ url: server.url, onRetry: (retry) => told.push(retry) });
  for (let call = 0; call < 3; call += 1) {
    server.refuseNext({ code: 'rate_limited', evidence: { retryAfterMs: 200 } });
    await tidemark.analytics.summary.query(LAST_HOUR);
  }
  expect(told).toMatchObject(
    told.map(() => ({ path: 'analytics.summary', attempt: 1, error: { code: 'rate_limited', httpStatus: 429 } })),
  );
  for (const { delayMs } of told) expect(delayMs).toBeGreaterThanOrEqual(200);
  expect(new Set(told.map(({ delayMs }) => delayMs)).size).toBe(3);
});

test('waits no longer in all than it may', async () => {
  await using server = await UnreliableServer.start();
  const refusal = { code: 'unavailable', evidence: { retryAfterMs: 100 } } as const;
  server.refuseNext(...Array.from({ length: 20 }, () => refusal));
  const waits: number[] = [];
  const onRetry = ({ delayMs }: Retry) => waits.push(delayMs);
  const tidemark = createTidemark({ url: server.url, retries: 20, maxWaitMs: 2_000, onRetry });
  const error = await refusalOf(tidemark.analytics.summary.query(LAST_HOUR));
  expect(toTidemarkError(error).code).toBe('unavailable');
  expect(waits.length).toBeGreaterThan(0);
  expect(waits.reduce((sum, ms) => sum + ms, 0)).toBeLessThanOrEqual(2_000);
  expect(server.seen).toHaveLength(waits.length + 1);
});

test('a signal ends the wait of its call', async () => {
  await using server = await UnreliableServer.start();
  server.refuseNext({ code: 'rate_limited', evidence: { retryAfterMs: 300_000 } });
  const ending = new AbortController();
  const tidemark = createTidemark({ url: server.url, maxWaitMs: 600_000, onRetry: () => ending.abort() });
  expect(await refusalOf(tidemark.analytics.summary.query(LAST_HOUR, { signal: ending.signal }))).toBeInstanceOf(Error);
  expect(server.seen).toHaveLength(1);
});

test('repeats any mutation that was refused for its limit, since it was not begun', async () => {
  await using server = await UnreliableServer.start();
  server.refuseNext({ code: 'rate_limited', evidence: { retryAfterMs: 1 } });
  await createTidemark({ url: server.url })
    .admin.keys.create.mutate({ name: 'ci', role: 'viewer' })
    .catch(() => {});
  expect(server.seen).toHaveLength(2);
});

test('hands a long pause to the caller at once', async () => {
  await using server = await UnreliableServer.start();
  server.refuseNext({ code: 'rate_limited', evidence: { retryAfterMs: 60_000 } });
  const tidemark = createTidemark({ url: server.url, maxWaitMs: 60_000 });
  const error = await refusalOf(tidemark.analytics.summary.query(LAST_HOUR));
  expect(toTidemarkError(error)).toEqual({
    code: 'rate_limited',
    httpStatus: 429,
    reason: 'refused: rate_limited',
    evidence: { retryAfterMs: 60_000 },
    requestId: 'r1',
  });
  expect(isTidemarkError(error)).toBe(true);
  expect(server.seen).toHaveLength(1);
});

test('repeats an ingest with the same ids and times, and no other mutation', async () => {
  await using server = await UnreliableServer.start();
  const tidemark = createTidemark({ url: server.url });
  server.refuseNext({ code: 'unavailable' });
  await tidemark.events.ingest.mutate({ events: [{ type: 'signup' }, { type: 'view', userId: 'ada' }] });
  const [first, second] = server.ingested;
  expect(second).toEqual(first);
  expect(first).toMatchObject({
    events: [
      { type: 'signup', id: expect.any(String), occurredAt: expect.stringMatching(/Z$/) },
      { userId: 'ada', id: expect.any(String) },
    ],
  });

  server.refuseNext({ code: 'unavailable' });
  const error = await refusalOf(tidemark.admin.keys.create.mutate({ name: 'ci', role: 'viewer' }));
  expect(toTidemarkError(error).code).toBe('unavailable');
});

test('does not repeat what would only be refused again', async () => {
  await using server = await UnreliableServer.start();
  server.refuseNext({ code: 'unauthenticated' });
  const error = await refusalOf(createTidemark({ url: server.url }).analytics.summary.query(LAST_HOUR));
  expect(toTidemarkError(error)).toMatchObject({ code: 'unauthenticated', httpStatus: 401 });
  expect(server.seen).toHaveLength(1);
});

test('says that nobody answered', async () => {
  const server = await UnreliableServer.start();
  await server.close();
  const error = await refusalOf(createTidemark({ url: server.url, retries: 0 }).analytics.summary.query(LAST_HOUR));
  expect(isTidemarkError(error)).toBe(false);
  expect(toTidemarkError(error)).toMatchObject({ code: 'unavailable', httpStatus: 0, requestId: null });
  expect(toTidemarkError(error).reason).toContain('ECONNREFUSED');
});

test('gives up on a server that says nothing', async () => {
  await using server = await UnreliableServer.start();
  server.fallSilent();
  const error = await refusalOf(createTidemark({ url: server.url, timeoutMs: 50 }).analytics.summary.query(LAST_HOUR));
  expect(toTidemarkError(error)).toMatchObject({ code: 'timed_out', httpStatus: 0 });
});

test('a call stops when its signal says so', async () => {
  await using server = await UnreliableServer.start();
  server.fallSilent();
  const call = createTidemark({ url: server.url }).analytics.summary.query(LAST_HOUR, {
    signal: AbortSignal.timeout(20),
  });
  expect(await refusalOf(call)).toBeInstanceOf(Error);
});
