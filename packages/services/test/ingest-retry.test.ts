import { foldAll, ingestEvents } from '@tidemark/services';
import { makeLoadEvents, Oracle, PostgresProxy, servicesResource } from '@tidemark/testing';
import { expect, test } from 'vitest';

/** Every table of tenant data but the heads, whose sequence moves on: places in the order of commits may be skipped. */
const TABLES = [
  'events',
  'commits',
  'event_types',
  'users',
  'event_counts_quarter',
  'event_counts_day',
  'user_sets_hour',
  'user_sets_day',
  'user_log',
];

async function snapshot(oracle: Oracle, tenantId: string) {
  const tables: Record<string, unknown> = {};
  for (const table of TABLES) {
    const rows = await oracle.ask(`SELECT row::text FROM ${table} AS row WHERE tenant_id = $1 ORDER BY 1`, [tenantId]);
    tables[table] = rows.map(({ row }) => row);
  }
  const [head] = await oracle.ask(
    'SELECT next_ordinal, next_type_id, retention_horizon FROM tenant_heads WHERE tenant_id = $1',
    [tenantId],
  );
  return { ...tables, head };
}

test('sending again changes no row of any table: at once, after a fold, in other batches, from another server', {
  timeout: 240_000,
}, async () => {
  await using services = await servicesResource();
  await using other = await servicesResource({ databaseUrl: services.url });
  await using oracle = await Oracle.open(services.url);
  const ctx = await services.tenantContext({ timeZone: 'Asia/Kathmandu' });
  const there = { ...ctx, resources: other.resources };
  const events = makeLoadEvents(600);
  await ingestEvents(ctx, { events: events.slice(0, 400) });
  await foldAll(services.resources);
  await ingestEvents(ctx, { events: events.slice(400) });

  const before = await snapshot(oracle, ctx.tenant.id);
  const retries = [
    { ctx, events },
    { ctx, events: events.toReversed() },
    { ctx, events: [...events.slice(390, 410), ...events.slice(390, 410)] },
    { ctx, events: events.map(({ id, ...event }) => ({ ...event, id: id.toUpperCase() })) },
    { ctx: there, events },
  ];
  for (const retry of retries) {
    const { receipts, committedAt } = await ingestEvents(retry.ctx, { events: retry.events });
    expect(new Set(receipts.map(({ status }) => status))).toEqual(new Set(['duplicate']));
    expect(committedAt).toBeNull();
    expect(await snapshot(oracle, ctx.tenant.id)).toEqual(before);
  }
  expect(before).toMatchObject({ user_log: expect.arrayContaining([expect.any(String)]) as unknown });

  // And the fold of what was sent once and retried is the fold of what was sent once.
  await foldAll(services.resources);
  const folded = await snapshot(oracle, ctx.tenant.id);
  await ingestEvents(there, { events });
  await foldAll(other.resources);
  expect(await snapshot(oracle, ctx.tenant.id)).toEqual(folded);
  expect(folded).toMatchObject({ user_log: [] });
});

test('a commit whose answer is lost on the way is told from a duplicate, and heard of', {
  timeout: 240_000,
}, async () => {
  await using services = await servicesResource();
  await using proxy = await PostgresProxy.open(services.url);
  await using server = await servicesResource({ databaseUrl: proxy.url });
  await using oracle = await Oracle.open(services.url);
  const { tenant, ...ctx } = await services.tenantContext();
  const there = { ...ctx, tenant, resources: server.resources };
  const heard: number[] = [];
  await server.resources.bus.subscribe(tenant.id, ({ seq }) => heard.push(seq)).ready;
  const events = makeLoadEvents(40);

  // The first with care, the second by a guess of the head; and so again.
  for (const [point, place] of [
    ['answer', 0],
    ['answer', 10],
    ['request', 20],
    ['request', 30],
  ] as const) {
    const batch = events.slice(place, place + 10);
    const held = proxy.holdNextCommit(point);
    const answer = ingestEvents(there, { events: batch });
    await held;
    proxy.refuse();
    proxy.accept();
    const { receipts, committedAt } = await answer;
    expect(receipts.map(({ status }) => status)).toEqual(batch.map(() => 'accepted'));
    expect(committedAt).not.toBeNull();
  }
  const commits = await oracle.ask('SELECT seq FROM commits WHERE tenant_id = $1 ORDER BY seq', [tenant.id]);
  expect(heard.map(String)).toEqual(commits.map(({ seq }) => seq));
});
