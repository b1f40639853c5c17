import { expect, test } from 'vitest';
import { contractServer } from './contract-server.ts';
import { expectStreamRefusal } from './expect-stream-refusal.ts';
import { expectRefusal } from './expectations.ts';
import { SseReader } from './sse-reader.ts';

const toLines = (output: string) =>
  output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);

test('each request is one line that says who asked for what and what came of it, and none of it tells a secret', async () => {
  await using api = await contractServer({ env: { LOG_LEVEL: 'debug' } });
  const { admin, caller, id } = await api.createTenant();
  const secret = (place: string) => `hidden-${place}-${crypto.randomUUID()}`;
  const secrets = {
    type: secret('type'),
    user: secret('user'),
    property: secret('property'),
    search: secret('search'),
    path: secret('path'),
    header: secret('header'),
    bearer: secret('bearer'),
    session: secret('session'),
    exported: secret('exported'),
    broken: secret('broken'),
  };
  const viewer = await caller('viewer');
  const keys = [admin, viewer, api.platform].map(({ headers }) => headers.authorization?.slice('Bearer '.length) ?? '');
  const named = (name: string) => ({ 'x-request-id': name });

  const event = { type: secrets.type, userId: secrets.user, properties: { plan: secrets.property } };
  await admin.with(named('ingest-1')).post('events.ingest', { events: [event] });
  await viewer.with(named('list-1')).query('events.list', { search: secrets.search });
  await viewer
    .with(named('batch-1'))
    .send(
      `/trpc/events.list,admin.health?batch=1&input=${encodeURIComponent(JSON.stringify({ 0: { userId: secrets.user } }))}`,
    );
  await viewer.with(named('path-1')).send(`/trpc/${secrets.path}`);
  await viewer.with(named('else-1')).send(`/${secrets.path}?key=${secrets.path}`);
  await viewer
    .with({ ...named('header-1'), 'x-tenant-id': secrets.header, cookie: secrets.header })
    .query('admin.health');
  await api.anyone.withKey(secrets.bearer).with(named('bearer-1')).query('admin.health');
  await api.anyone.with(named('session-1')).post('admin.sessions.create', { key: secrets.session });
  await admin.with(named('export-1')).send(`/export/events.ndjson?userId=${secrets.exported}`);
  await admin.with(named('broken-1')).send('/trpc/events.ingest', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: `{"events": [${secrets.broken}`,
  });

  await expect.poll(() => toLines(api.server.output()).some(({ requestId }) => requestId === 'broken-1')).toBe(true);
  const lines = toLines(api.server.output());
  const lineOf = (name: string) => {
    const found = lines.filter(({ requestId, msg }) => requestId === name && msg === 'request');
    expect(found, name).toHaveLength(1);
    return found[0];
  };
  const ok = (procedure: string) => ({ procedure, outcome: 'ok' });
  expect(lineOf('ingest-1')).toMatchObject({
    level: 30,
    method: 'POST',
    route: '/trpc',
    calls: [ok('events.ingest')],
    status: 200,
    isComplete: true,
    tenantId: id,
    keyId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    durationMs: expect.any(Number),
  });
  expect(lineOf('batch-1')?.calls).toEqual(expect.arrayContaining([ok('events.list'), ok('admin.health')]));
  expect(lineOf('path-1')).toMatchObject({ route: '/trpc', calls: [], status: 404 });
  expect(lineOf('else-1')).toMatchObject({ route: 'none', status: 404 });
  expect(lineOf('bearer-1')).toMatchObject({
    calls: [{ procedure: 'admin.health', outcome: 'unauthenticated' }],
    status: 401,
  });
  expect(lineOf('export-1')).toMatchObject({
    route: '/export/events.ndjson',
    calls: [ok('export')],
    status: 200,
    tenantId: id,
  });
  for (const hidden of [...Object.values(secrets), ...keys]) expect(api.server.output()).not.toContain(hidden);
});

test('the line of a stream says how it ended', async () => {
  await using api = await contractServer();
  const { admin, caller } = await api.createTenant();
  const ingest = await caller('ingest');
  {
    await using stream = await SseReader.open(ingest.with({ 'x-request-id': 'refused-1' }), 'events.tail', {});
    await expectStreamRefusal(stream, 'forbidden');
  }
  {
    await using stream = await SseReader.open(admin.with({ 'x-request-id': 'left-1' }), 'events.tail', {});
    await stream.find(({ id }) => id !== null);
  }
  const callsOf = (name: string) =>
    toLines(api.server.output()).find(({ requestId, msg }) => requestId === name && msg === 'request')?.calls;
  await expect.poll(() => callsOf('refused-1')).toEqual([{ procedure: 'events.tail', outcome: 'forbidden' }]);
  await expect.poll(() => callsOf('left-1')).toEqual([{ procedure: 'events.tail', outcome: 'ok' }]);
});

test('refusals while the database is away are a line a second besides those of their requests', async () => {
  await using api = await contractServer({ env: { TIDEMARK_LAB: '1' } });
  const { admin } = await api.createTenant();
  const started = performance.now();
  await api.platform.post('admin.faults.inject', { fault: 'database_down', forMs: 60_000 });
  const answers = await Promise.all(Array.from({ length: 200 }, () => admin.query('events.list')));
  for (const answer of answers) expectRefusal(answer, 'unavailable');
  const linesOf = (msg: string) => toLines(api.server.output()).filter((line) => line.msg === msg);
  await expect.poll(() => linesOf('request').filter(({ status }) => status === 503)).toHaveLength(answers.length);
  const seconds = (performance.now() - started) / 1_000;
  const warned = toLines(api.server.output()).filter(({ code }) => code === 'unavailable');
  expect(warned[0]).toMatchObject({ level: 40, path: 'events.list', leftOut: 0, requestId: expect.any(String) });
  expect(warned.length).toBeLessThanOrEqual(1 + seconds);
});
