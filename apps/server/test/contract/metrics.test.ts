import { expect, test } from 'vitest';
import { contractServer } from './contract-server.ts';
import { expectRefusal } from './expectations.ts';
import type { Answer } from './http-caller.ts';

/** The samples of an exposition: each line's name and labels with its value. */
function readSamples({ body }: Answer): Map<string, number> {
  const lines = String(body)
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]),
  );
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
    'tidemark_pool_connections{pool="reads",state="idle"}',
    'tidemark_fold_lag_seconds',
    'tidemark_ingest_waiting_events',
    'tidemark_subscribers{kind="watch"}',
  ]) {
    expect(samples.has(name), name).toBe(true);
  }
  expect(samples.has('tidemark_event_loop_delay_seconds')).toBe(true);

  for (const secret of [id, slug, 'secret', 'tmk_', 'nothing']) expect(String(answer.body)).not.toContain(secret);
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
