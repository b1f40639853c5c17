import { dropEmptyPartitions, listTrimmingTenantRows } from '@tidemark/database';
import {
  breakdownInputSchema,
  type ExportQuery,
  type ListEventsInput,
  listEventsInputSchema,
  summaryInputSchema,
} from '@tidemark/schemas';
import {
  exportEvents,
  foldAll,
  getRetention,
  ingestEvents,
  listEvents,
  previewRetention,
  queryBreakdown,
  querySummary,
  setRetention,
  startMaintenance,
  type TenantContext,
} from '@tidemark/services';
import { auditTenant, Oracle, type ServicesResource, servicesResource } from '@tidemark/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { trimTenant } from '../src/rollups/trim-tenant.ts';

const NOW = Date.parse('2026-11-22T10:37:12.345Z');
const DAY_MS = 24 * 60 * 60_000;

let services: ServicesResource;
let other: ServicesResource;
let oracle: Oracle;
beforeAll(async () => {
  services = await servicesResource();
  other = await servicesResource({ databaseUrl: services.url });
  oracle = await Oracle.open(services.url);
  for (const server of [services, other]) server.setNow(NOW);
});
afterAll(async () => {
  await oracle[Symbol.asyncDispose]();
  await other[Symbol.asyncDispose]();
  await services[Symbol.asyncDispose]();
});

const audit = ({ tenant }: TenantContext) => auditTenant(oracle, { tenantId: tenant.id });

/** One event in each of the months before now, each of its own user. */
async function sendMonths(ctx: TenantContext, months: number): Promise<void> {
  const events = Array.from({ length: months }, (_, index) => ({
    type: 'view',
    userId: `user ${index}`,
    occurredAt: new Date(Date.UTC(2026, 10 - index, 15, 12)).toISOString(),
  }));
  const { receipts } = await ingestEvents(ctx, { events });
  expect(receipts.filter(({ status }) => status !== 'accepted')).toEqual([]);
}

async function trimAll(ctx: TenantContext): Promise<void> {
  for (;;) {
    const rows = await listTrimmingTenantRows(services.database.directory);
    const row = rows.find(({ id }) => id === ctx.tenant.id);
    if (row === undefined) return;
    await trimTenant(services.resources, row, { maxRows: 7 });
  }
}

async function listPartitions(): Promise<string[]> {
  const rows = await oracle.ask(
    `SELECT relname FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid WHERE inhparent = 'events'::regclass ORDER BY 1`,
  );
  return rows.map(({ relname }) => (relname ?? '').slice('events_'.length).replace('_', '-'));
}

test('ten years are imported, shown as they were after their rows went, and leave no partition behind', {
  timeout: 120_000,
}, async () => {
  const ctx = await services.tenantContext({ timeZone: 'Europe/Berlin' });
  const neighbour = await services.tenantContext();
  await ingestEvents(neighbour, { events: [{ type: 'view', occurredAt: '2020-06-15T12:00:00.000Z' }] });
  await sendMonths(ctx, 120);
  await foldAll(services.resources);
  expect(await audit(ctx)).toEqual([]);
  expect(await listPartitions()).toContain('2016-12');
  const years = summaryInputSchema.parse({
    from: '2016-12-01T00:00:00Z',
    to: '2021-12-01T00:00:00Z',
    interval: 'month',
  });
  const before = await querySummary(ctx, { ...years, timeZone: 'Europe/Berlin' });
  expect(before.totals).toEqual({ events: 60, users: 60 });

  const setting = { rawDays: 365, rollupDays: null };
  const preview = await previewRetention(ctx, setting);
  expect(preview).toEqual({
    rawFrom: '2025-11-22T00:00:00.000Z',
    rollupsFrom: null,
    // The newest of them is of a month that stays in part.
    raw: { events: 108, users: 108, months: 107 },
    rollups: { events: 0, users: 0 },
  });
  expect((await getRetention(ctx)).rawFrom).toBeNull();
  expect(await setRetention(ctx, setting)).toMatchObject({ ...setting, isTrimming: true });
  await trimAll(ctx);
  expect(await getRetention(ctx)).toEqual({
    ...setting,
    rawFrom: preview.rawFrom,
    rollupsFrom: null,
    isTrimming: false,
  });

  expect((await listEvents(ctx, { limit: 500, order: 'asc' })).items).toHaveLength(120 - preview.raw.events);
  const after = await querySummary(ctx, { ...years, timeZone: 'Europe/Berlin' });
  expect({ ...after, meta: undefined }).toEqual({ ...before, meta: undefined });
  expect(after.meta.source).toBe('rollup');
  expect((await previewRetention(ctx, setting)).raw.events).toBe(0);

  const dropped = await dropEmptyPartitions(services.database.owner, '2026-01');
  expect(dropped).toContain('2016-12');
  expect(await listPartitions()).toContain('2020-06');
  expect((await listPartitions()).filter((month) => month < '2025-11')).toEqual(['2020-06']);
  // The other server still believes in the partition that is gone.
  const there = { ...neighbour, resources: other.resources };
  const late = { type: 'view', occurredAt: '2016-12-15T12:00:00.000Z' };
  expect((await ingestEvents(neighbour, { events: [late] })).receipts[0]?.status).toBe('accepted');
  expect((await ingestEvents(there, { events: [late] })).receipts[0]?.status).toBe('accepted');
  expect(await audit(neighbour)).toEqual([]);
});

test('refuses what needs raw rows, naming the nearest range, and the events themselves', async () => {
  const ctx = await services.tenantContext();
  await sendMonths(ctx, 4);
  await foldAll(services.resources);
  await setRetention(ctx, { rawDays: 10, rollupDays: 40 });
  await trimAll(ctx);
  const rawFrom = '2026-11-12T00:00:00.000Z';
  const rollupsFrom = '2026-10-13T00:00:00.000Z';
  expect(await getRetention(ctx)).toMatchObject({ rawFrom, rollupsFrom });

  const range = { from: '2026-10-20T00:00:00.000Z', to: '2026-11-20T00:00:00.000Z' };
  const nearest = { from: rawFrom, to: range.to };
  const refusal = { code: 'beyond_retention', evidence: { field: 'from', range, rawFrom, rollupsFrom, nearest } };
  const summary = (input: object) =>
    querySummary(ctx, summaryInputSchema.parse({ ...range, interval: 'day', ...input }));
  expect((await summary({})).totals).toEqual({ events: 1, users: 1 });
  await expect(summary({ userId: 'user 0' })).rejects.toMatchObject(refusal);
  await expect(summary({ properties: [{ path: 'plan', in: ['pro'] }] })).rejects.toMatchObject(refusal);
  await expect(queryBreakdown(ctx, breakdownInputSchema.parse({ ...range, by: 'user' }))).rejects.toMatchObject(
    refusal,
  );
  expect((await queryBreakdown(ctx, breakdownInputSchema.parse({ ...range, by: 'type' }))).rows).toHaveLength(1);
  await expect(summary({ from: '2026-10-01T00:00:00Z' })).rejects.toMatchObject({
    code: 'beyond_retention',
    evidence: { nearest: { from: rollupsFrom, to: range.to } },
  });
  // Of a range of which nothing is left, as long a one from where it begins again.
  const forgotten = { from: '2026-10-01T00:00:00.000Z', to: '2026-10-03T00:00:00.000Z' };
  await expect(summary(forgotten)).rejects.toMatchObject({
    message: `What this question needs is no longer kept so far back: ask for ${rollupsFrom} to 2026-10-15T00:00:00.000Z.`,
    evidence: { nearest: { from: rollupsFrom, to: '2026-10-15T00:00:00.000Z' } },
  });
  await expect(summary({ ...forgotten, userId: 'user 0' })).rejects.toMatchObject({
    evidence: { nearest: { from: rawFrom, to: '2026-11-14T00:00:00.000Z' } },
  });
  await expect(
    summary({ from: '2026-10-21T00:00:00Z', to: '2026-10-21T01:00:00Z', interval: 'minute' }),
  ).rejects.toMatchObject({ evidence: { nearest: { from: rawFrom, to: '2026-11-12T01:00:00.000Z' } } });
  const longForgotten = { from: '2020-01-01T00:00:00Z', to: '2021-01-01T00:00:00Z' };
  for (const [from, filters] of [
    [rollupsFrom, {}],
    [rawFrom, { userId: 'user 0' }],
  ] as const) {
    const upToThisHour = { evidence: { nearest: { from, to: '2026-11-22T11:00:00.000Z' } } };
    await expect(summary({ ...longForgotten, ...filters })).rejects.toMatchObject(upToThisHour);
  }
  const event = { type: 'view', occurredAt: '2026-11-11T23:59:59.999Z' };
  const [receipt] = (await ingestEvents(ctx, { events: [event] })).receipts;
  expect(receipt).toMatchObject({ status: 'rejected', reason: { code: 'beyond_retention' } });

  // A longer setting brings nothing back, and a horizon never moves back.
  await setRetention(ctx, { rawDays: null, rollupDays: null });
  await trimAll(ctx);
  expect(await getRetention(ctx)).toMatchObject({ rawDays: null, rawFrom, rollupsFrom });
  await expect(summary({ userId: 'user 0' })).rejects.toMatchObject(refusal);
  expect(await audit(ctx)).toEqual([]);
});

test('lists and exports no range as if it were whole whose first events are gone', async () => {
  const ctx = await services.tenantContext();
  await sendMonths(ctx, 4);
  const range = { from: '2026-10-01T00:00:00.000Z', to: '2026-11-20T00:00:00.000Z' };
  const list = (input: ListEventsInput) => listEvents(ctx, listEventsInputSchema.parse(input));
  const exportAll = (input: ExportQuery) => Array.fromAsync(exportEvents(ctx, input));
  const begun = await list({ ...range, limit: 1 });
  expect(begun.items).toHaveLength(1);

  await setRetention(ctx, { rawDays: 10, rollupDays: null });
  await trimAll(ctx);
  const rawFrom = '2026-11-12T00:00:00.000Z';
  const nearest = { from: rawFrom, to: range.to };
  const refusal = { code: 'beyond_retention', evidence: { field: 'from', range, rawFrom, rollupsFrom: null, nearest } };
  await expect(list(range)).rejects.toMatchObject(refusal);
  await expect(exportAll(range)).rejects.toMatchObject(refusal);
  const relative = { evidence: { nearest: { from: rawFrom, to: '2026-11-22T10:38:00.000Z' } } };
  await expect(list({ last: '30d' })).rejects.toMatchObject(relative);
  await expect(exportAll({ last: '30d' })).rejects.toMatchObject(relative);
  const forgotten = { from: '2026-10-01T00:00:00.000Z', to: '2026-10-02T00:00:00.000Z' };
  const dayAfter = { evidence: { nearest: { from: rawFrom, to: '2026-11-13T00:00:00.000Z' } } };
  await expect(list(forgotten)).rejects.toMatchObject(dayAfter);

  // What is named is answered, and so is what names no beginning.
  expect((await list(nearest)).items).toHaveLength(1);
  expect((await exportAll(nearest)).flat()).toHaveLength(1);
  expect((await list({})).items).toHaveLength(1);
  expect((await exportAll({})).flat()).toHaveLength(1);
  // Whoever had begun to read is not stopped.
  expect((await list({ ...range, limit: 1, cursor: begun.nextCursor })).items).toEqual([]);
});

test('maintenance applies a setting, and on the next day again', async () => {
  const ctx = await services.tenantContext();
  await sendMonths(ctx, 3);
  await setRetention(ctx, { rawDays: 20, rollupDays: 20 });
  const settled = async () => {
    await using _running = startMaintenance(other.resources, { onError: (_task, error) => expect.fail(String(error)) });
    await expect.poll(async () => (await getRetention(ctx)).isTrimming, { timeout: 20_000 }).toBe(false);
    return (await getRetention(ctx)).rawFrom;
  };
  expect(await settled()).toBe('2026-11-02T00:00:00.000Z');
  expect((await listEvents(ctx, { limit: 10, order: 'asc' })).items).toHaveLength(1);
  other.setNow(NOW + DAY_MS);
  try {
    await using _running = startMaintenance(other.resources, { onError: (_task, error) => expect.fail(String(error)) });
    await expect
      .poll(async () => (await getRetention(ctx)).rawFrom, { timeout: 20_000 })
      .toBe('2026-11-03T00:00:00.000Z');
  } finally {
    other.setNow(NOW);
  }
});

test('dropping partitions gives way to whoever reads them, and races with ingest on two servers', {
  timeout: 240_000,
}, async () => {
  const ctx = await services.tenantContext();
  const months = ['2012-01', '2012-02', '2012-03'];
  const send = ({ resources }: ServicesResource, month: string) =>
    ingestEvents({ ...ctx, resources }, { events: [{ type: 'view', occurredAt: `${month}-15T12:00:00.000Z` }] });
  await send(services, '2012-01');
  await oracle.ask('DELETE FROM events WHERE tenant_id = $1', [ctx.tenant.id]);
  await using reader = await Oracle.open(services.url);
  await reader.ask('BEGIN');
  await reader.ask('SELECT FROM events_2012_01');
  expect(await dropEmptyPartitions(services.database.owner, '2012-02')).toEqual([]);
  await reader.ask('ROLLBACK');
  expect(await dropEmptyPartitions(services.database.owner, '2012-02')).toContain('2012-01');

  const racer = await services.tenantContext();
  let sent = 0;
  let dropped = 0;
  for (let round = 0; round < 12; round += 1) {
    const drops = [services, other].map(({ database }) => dropEmptyPartitions(database.owner, '2012-04'));
    // By turns before ingest, which finds them gone, and beside it, to which they mostly give way.
    if (round % 2 === 0) await Promise.all(drops);
    const sends = [services, other].flatMap((server) =>
      months.map((month) =>
        ingestEvents(
          { ...racer, resources: server.resources },
          { events: [{ type: 'view', occurredAt: `${month}-15T12:00:00.000Z` }] },
        ),
      ),
    );
    const receipts = (await Promise.all(sends)).flatMap((answer) => answer.receipts);
    expect(receipts.filter(({ status }) => status !== 'accepted')).toEqual([]);
    dropped += (await Promise.all(drops)).flat().length;
    sent += receipts.length;
    const [row] = await oracle.ask('SELECT count(*) FROM events WHERE tenant_id = $1', [racer.tenant.id]);
    expect(Number(row?.count)).toBe(sent);
    expect(await audit(racer)).toEqual([]);
    await oracle.ask('DELETE FROM events WHERE tenant_id = $1', [racer.tenant.id]);
    for (const table of ['event_counts_quarter', 'event_counts_day', 'commits']) {
      await oracle.ask(`DELETE FROM ${table} WHERE tenant_id = $1`, [racer.tenant.id]);
    }
    sent = 0;
  }
  expect(dropped).toBeGreaterThan(0);
});
