import { createdKeySchema, type ErrorCode } from '@tidemark/schemas';
import { expect, test } from 'vitest';
import { type ContractServer, contractServer } from './contract-server.ts';
import { expectStreamRefusal } from './expect-stream-refusal.ts';
import { dataOf, expectRefusal } from './expectations.ts';
import { fillBig } from './fill-big.ts';
import type { Answer, HttpCaller } from './http-caller.ts';
import { SseReader } from './sse-reader.ts';

const WEEK = { from: '2026-11-02T00:00:00.000Z', to: '2026-11-09T00:00:00.000Z' };

/** The samples of an exposition: each line's name and labels with its value. */
function readSamples({ body }: Answer): Map<string, number> {
  const lines = String(body)
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]),
  );
}

/** How the calls of a procedure stand: those under way, those that were answered, and the ended ones by outcome. */
async function readCalls({ anyone }: ContractServer, procedure: string) {
  const samples = readSamples(await anyone.send('/metrics'));
  const prefix = `tidemark_calls_total{procedure="${procedure}",outcome="`;
  const ended = [...samples].filter(([name]) => name.startsWith(prefix));
  return {
    running: samples.get(`tidemark_calls_running{procedure="${procedure}"}`),
    answered: samples.get(`tidemark_call_duration_seconds_count{procedure="${procedure}"}`) ?? 0,
    ended: Object.fromEntries(ended.map(([name, count]) => [name.slice(prefix.length, -'"}'.length), count])),
  };
}

test('/metrics tells what was asked, what came of it, and how the server is; and of nobody who asked', async () => {
  await using api = await contractServer();
  const { admin, id, slug } = await api.createTenant();
  const question = { from: '2026-11-01T00:00:00Z', to: '2026-11-02T00:00:00Z' };
  const ingested = { events: [{ type: 'a secret type', userId: 'a secret user' }, { type: '' }] };
  await admin.post('events.ingest', ingested);
  await admin.query('analytics.summary', question);
  await admin.query('analytics.summary', question);
  await admin.query('analytics.summary', { last: 'never' });
  await api.anyone.query('analytics.summary', question);
  await admin.query('analytics.nothing', question);

  const answer = await api.anyone.send('/metrics');
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toContain('text/plain');
  const samples = readSamples(answer);
  const summary = (outcome: string) =>
    samples.get(`tidemark_calls_total{procedure="analytics.summary",outcome="${outcome}"}`);
  expect([summary('ok'), summary('invalid_input'), summary('unauthenticated')]).toEqual([2, 1, 1]);
  expect(samples.get('tidemark_call_duration_seconds_count{procedure="analytics.summary"}')).toBe(4);
  expect(samples.get('tidemark_calls_running{procedure="analytics.summary"}')).toBe(0);
  expect(samples.get('tidemark_ingest_events_total{status="accepted"}')).toBe(1);
  expect(samples.get('tidemark_ingest_events_total{status="rejected"}')).toBe(1);
  expect(samples.get('tidemark_ingest_commits_total{way="careful"}')).toBe(1);
  expect(samples.get('tidemark_cache_answers_total{status="miss",tier="historical"}')).toBe(1);
  expect(samples.get('tidemark_breaker_state{breaker="reads",state="closed"}')).toBe(1);
  expect(samples.get('tidemark_degradation_level')).toBe(0);
  for (const name of [
    'tidemark_fold_lag_seconds',
    'tidemark_ingest_waiting_events',
    'tidemark_subscribers{kind="watch"}',
  ]) {
    expect(samples.has(name), name).toBe(true);
  }
  expect(samples.has('tidemark_event_loop_delay_seconds')).toBe(true);
  const pools = [...samples.keys()].flatMap((name) => /pool="(.+)",state="waited_for"/.exec(name)?.[1] ?? []);
  expect(pools).toEqual(['reads', 'ingest', 'probes', 'directory', 'owner']);

  for (const secret of [id, slug, 'secret', 'tmk_', 'nothing']) expect(String(answer.body)).not.toContain(secret);
});

test('a stream that is refused counts as its refusal, whenever that comes', async () => {
  await using api = await contractServer();
  const { admin, caller } = await api.createTenant();
  const [ingest, viewer] = [await caller('ingest'), await caller('viewer')];
  const day = { last: '24h' };
  const refused: [HttpCaller, string, object | undefined, ErrorCode][] = [
    [ingest, 'events.tail', {}, 'forbidden'],
    [admin, 'events.tail', { lastEventId: '7:0' }, 'cursor_expired'],
    [api.anyone, 'events.tail', {}, 'unauthenticated'],
    [ingest, 'analytics.watch', day, 'forbidden'],
    [ingest, 'analytics.watchMany', { queries: [{ key: 'it', input: day }] }, 'forbidden'],
    [ingest, 'admin.watchHealth', undefined, 'forbidden'],
    [admin, 'admin.lab.run', { scenario: 'end_to_end' }, 'forbidden'],
    [viewer, 'events.generate', { count: 1, ...WEEK }, 'forbidden'],
  ];
  for (const [from, procedure, input, code] of refused) {
    await using stream = await SseReader.open(from, procedure, input);
    await expectStreamRefusal(stream, code);
  }
  for (const procedure of new Set(refused.map(([, path]) => path))) {
    const codes = refused.flatMap(([, path, , code]) => (path === procedure ? [code] : []));
    const ended = Object.fromEntries(codes.map((code) => [code, 1]));
    expect(await readCalls(api, procedure), procedure).toEqual({ running: 0, answered: codes.length, ended });
  }

  const key = dataOf(await admin.post('admin.keys.create', { name: 'tv', role: 'viewer' }), createdKeySchema);
  await using stream = await SseReader.open(api.anyone.withKey(key.secret), 'events.tail', {});
  await stream.find(({ id }) => id !== null);
  await admin.post('admin.keys.revoke', { id: key.id });
  await expectStreamRefusal(stream, 'unauthenticated');
  const ended = { forbidden: 1, cursor_expired: 1, unauthenticated: 2 };
  expect(await readCalls(api, 'events.tail')).toEqual({ running: 0, answered: 4, ended });
});

test('a stream runs until it is over or left, and is answered with its first value', async () => {
  await using api = await contractServer();
  const { admin } = await api.createTenant();
  {
    await using stream = await SseReader.open(admin, 'analytics.watch', { last: '24h' });
    await stream.find(({ id }) => id !== null);
    expect(await readCalls(api, 'analytics.watch')).toEqual({ running: 1, answered: 1, ended: {} });
  }
  const left = { running: 0, answered: 1, ended: { ok: 1 } };
  await expect.poll(() => readCalls(api, 'analytics.watch')).toEqual(left);

  await using run = await SseReader.open(admin, 'events.generate', { count: 10, ...WEEK });
  await run.find(({ event }) => event === 'return');
  expect(await readCalls(api, 'events.generate')).toEqual({ running: 0, answered: 1, ended: { ok: 1 } });
});

test('an export counts as a call does: one that is refused, asked for by its head, over, left, or broken off', async () => {
  await using api = await contractServer();
  const { id, admin, caller } = await api.createTenant();
  await admin.post('events.ingest', { events: [{ type: 'view' }] });
  const ingest = await caller('ingest');
  expectRefusal(await ingest.send('/export/events.csv'), 'forbidden');
  expectRefusal(await admin.send('/export/events.csv?from=yesterday'), 'invalid_input');
  for (const path of ['/export/events.csv', '/export/events.ndjson', '/export/events.ndjson?userId=nobody']) {
    expect((await admin.send(path)).status).toBe(200);
  }
  expect((await admin.send('/export/events.csv', { method: 'HEAD' })).status).toBe(200);
  const refused = { forbidden: 1, invalid_input: 1 };
  await expect.poll(() => readCalls(api, 'export')).toEqual({ running: 0, answered: 6, ended: { ...refused, ok: 4 } });

  await fillBig(api.databaseUrl, id);
  const key = dataOf(await admin.post('admin.keys.create', { name: 'reader', role: 'viewer' }), createdKeySchema);
  const openPaused = () =>
    fetch(`${api.server.url}/export/events.ndjson`, { headers: api.anyone.withKey(key.secret).headers });
  const [left, doomed] = [await openPaused(), await openPaused()];
  expect(await readCalls(api, 'export')).toMatchObject({ running: 2, answered: 8 });
  await left.body?.cancel();
  await expect.poll(() => readCalls(api, 'export')).toMatchObject({ running: 1, ended: { ok: 5 } });
  await admin.post('admin.keys.revoke', { id: key.id });
  await expect(doomed.text()).rejects.toThrow();
  const line = '"calls":[{"procedure":"export","outcome":"unauthenticated"}],"status":200,"isComplete":false';
  await expect.poll(api.server.output).toContain(line);
  const ended = { ...refused, ok: 5, unauthenticated: 1 };
  expect(await readCalls(api, 'export')).toEqual({ running: 0, answered: 8, ended });
});

test('without a token metrics are for the machine itself, and not for whom a proxy on it lets through', async () => {
  await using api = await contractServer();
  expect((await api.anyone.send('/metrics')).status).toBe(200);
  for (const header of ['x-forwarded-for', 'forwarded']) {
    expectRefusal(await api.anyone.with({ [header]: 'for=203.0.113.7' }).send('/metrics'), 'forbidden');
  }
});

test('with a token metrics are for whoever has it', async () => {
  const token = 'a-token-of-the-operator';
  await using api = await contractServer({ env: { TIDEMARK_METRICS_TOKEN: token } });
  for (const caller of [api.anyone, api.platform, api.anyone.withKey('a-token-of-the-other-one')]) {
    expectRefusal(await caller.send('/metrics'), 'unauthenticated');
  }
  expect((await api.anyone.withKey(token).with({ 'x-forwarded-for': '203.0.113.7' }).send('/metrics')).status).toBe(
    200,
  );
});
