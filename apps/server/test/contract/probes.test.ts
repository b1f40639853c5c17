import { databaseResource, PostgresProxy } from '@tidemark/testing';
import { expect, test } from 'vitest';
import { contractServer } from './contract-server.ts';
import { expectRefusal } from './expectations.ts';

test('answers its probes, and refuses any other path in the shape of every refusal', async () => {
  await using api = await contractServer();
  const { anyone } = api;
  expect(await anyone.send('/healthz')).toMatchObject({ status: 200, body: { status: 'ok' } });
  expect(await anyone.send('/readyz')).toMatchObject({ status: 200, body: { status: 'ready', database: 'up' } });
  for (const path of ['/', '/healthz/', '/trpcx', '/admin', '//', '/%00']) {
    const answer = await anyone.send(path);
    const { code } =
      answer.status === 400 ? expectRefusal(answer, 'invalid_input') : expectRefusal(answer, 'not_found');
    expect(code).toBe(path === '//' ? 'invalid_input' : 'not_found');
  }
});

test('is alive but not ready while the database stays silent, and ready again once it answers', {
  timeout: 60_000,
}, async () => {
  await using database = await databaseResource();
  await using proxy = await PostgresProxy.open(database.url);
  await using api = await contractServer({ databaseUrl: proxy.url });
  proxy.freeze();
  // A blip takes no server out.
  expect(await api.anyone.send('/readyz')).toMatchObject({ status: 200, body: { database: 'down' } });
  await expect.poll(async () => (await api.anyone.send('/readyz')).status, { timeout: 20_000 }).toBe(503);
  expect(await api.anyone.send('/healthz')).toMatchObject({ status: 200 });
  proxy.thaw();
  await expect.poll(async () => (await api.anyone.send('/readyz')).status, { timeout: 10_000 }).toBe(200);
});

test('says that the database is away, and when to ask again', async () => {
  await using database = await databaseResource();
  const proxy = await PostgresProxy.open(database.url);
  await using api = await contractServer({ databaseUrl: proxy.url });
  const { admin } = await api.createTenant();
  await proxy[Symbol.asyncDispose]();

  expect(await api.anyone.send('/readyz')).toMatchObject({ body: { database: 'down' } });
  for (const answer of [
    await admin.query('analytics.summary', { last: '1h' }),
    await admin.query('events.list', {}),
    await admin.post('events.ingest', { events: [{ type: 'lost' }] }),
  ]) {
    const { evidence } = expectRefusal(answer, 'unavailable');
    expect(evidence).toMatchObject({ retryAfterMs: expect.any(Number) });
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(JSON.stringify(answer.body)).not.toContain('ECONN');
  }
});
