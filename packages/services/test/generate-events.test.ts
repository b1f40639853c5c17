import {
  type GenerateInput,
  type GenerateMessage,
  type GenerateReport,
  generateInputSchema,
  summaryInputSchema,
} from '@tidemark/schemas';
import { generateEvents, querySummary, type TenantContext } from '@tidemark/services';
import { auditTenant, Oracle, type ServicesResource, servicesResource } from '@tidemark/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';

let services: ServicesResource;
let oracle: Oracle;
beforeAll(async () => {
  services = await servicesResource();
  oracle = await Oracle.open(services.url);
});
afterAll(async () => {
  await oracle[Symbol.asyncDispose]();
  await services[Symbol.asyncDispose]();
});

const WEEK = { from: '2026-11-02T00:00:00.000Z', to: '2026-11-09T00:00:00.000Z' };

type Input = Partial<GenerateInput> & { count: number };
type Told = { readonly id: string; readonly message: GenerateMessage };

function generate(ctx: TenantContext, input: Input, signal?: AbortSignal): AsyncGenerator<Told> {
  return generateEvents(ctx, generateInputSchema.parse({ ...WEEK, ...input }), signal);
}

/** Every message of a run; the last is its report. */
async function runToEnd(ctx: TenantContext, input: Input): Promise<{ messages: Told[]; report: GenerateReport }> {
  const messages = await Array.fromAsync(generate(ctx, input));
  const last = messages.at(-1)?.message;
  if (last === undefined || !('report' in last)) throw new Error('the run ended without a report');
  return { messages, report: last.report };
}

async function countStored(ctx: TenantContext): Promise<number> {
  const [row] = await oracle.ask('SELECT count(*) FROM events WHERE tenant_id = $1', [ctx.tenant.id]);
  return Number(row?.count);
}

test('a run stores as many events as asked for, and every number says so; run again, it stores none', async () => {
  const ctx = await services.tenantContext({ timeZone: 'America/New_York' });
  const input = { count: 12_345, users: 400, seed: 'autumn' };
  const { messages, report } = await runToEnd(ctx, input);
  expect(messages[0]?.message).toEqual({ done: 0, total: 12_345, perSecond: 0, seed: 'autumn' });
  expect(report).toMatchObject({
    total: 12_345,
    accepted: 12_345,
    duplicate: 0,
    rejected: 0,
    reason: null,
    seed: 'autumn',
  });
  expect(await countStored(ctx)).toBe(12_345);

  const question = { ...WEEK, interval: 'day', groupBy: 'type', timeZone: 'America/New_York', groupLimit: 20 } as const;
  const { totals, series } = await querySummary(ctx, summaryInputSchema.parse(question));
  const truth = await oracle.count({ ...question, tenantId: ctx.tenant.id });
  expect({ events: totals.events, users: totals.users }).toEqual({
    events: truth.total.events,
    users: truth.total.users,
  });
  expect(totals.events).toBe(12_345);
  const days = truth.buckets.toSorted((one, other) => (one.bucket < other.bucket ? -1 : 1));
  expect(series.map(({ events, users }) => ({ events, users }))).toEqual(
    days.map(({ events, users }) => ({ events, users })),
  );

  const again = await runToEnd(ctx, input);
  expect(again.report).toMatchObject({ accepted: 0, duplicate: 12_345, rejected: 0 });
  expect(await countStored(ctx)).toBe(12_345);
  expect(await auditTenant(oracle, { tenantId: ctx.tenant.id })).toEqual([]);
});

test('types, users and devices are those that were asked for', async () => {
  const ctx = await services.tenantContext();
  await runToEnd(ctx, { count: 2_000, users: 7, types: ['page_view', 'invited'], devices: ['tablet', 'server'] });
  const { totals } = await querySummary(ctx, summaryInputSchema.parse({ ...WEEK, groupBy: 'type' }));
  expect(totals).toMatchObject({ events: 2_000, users: 7 });
  expect(totals.groups?.map(({ key }) => key).sort()).toEqual(['invited', 'page_view']);
  const byDevice = await querySummary(ctx, summaryInputSchema.parse({ ...WEEK, groupBy: 'device' }));
  expect(byDevice.totals.groups?.map(({ key }) => key).sort()).toEqual(['server', 'tablet']);
});

/** A run over connections that each live for so many messages, the last to the end. */
async function runInLives(ctx: TenantContext, input: Input, lives: readonly number[]) {
  let lastEventId: string | undefined;
  for (const [cuts, life] of [...lives, Number.POSITIVE_INFINITY].entries()) {
    let heard = 0;
    for await (const { id, message } of generate(ctx, { ...input, lastEventId })) {
      lastEventId = id;
      heard += 1;
      if ('report' in message) return { report: message.report, cuts };
      if (heard >= life) break;
    }
  }
  throw new Error('the run ended without a report');
}

test('a run that is cut anywhere and resumed, seed or no seed, stores each event once and reports them all', async () => {
  const runs = 25;
  let cuts = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 9_000 }),
      fc.option(fc.oneof(fc.integer(), fc.constantFrom('s', 'ünïcode ✓')), { nil: undefined }),
      fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 3 }),
      async (count, seed, lives) => {
        const ctx = await services.tenantContext();
        const input = { count, ...(seed !== undefined && { seed }) };
        // The first message is the seed, so that every run is cut once at least.
        const { report, cuts: made } = await runInLives(ctx, input, [1, ...lives]);
        cuts += made;
        expect(report.accepted + report.duplicate).toBe(count);
        expect(report.rejected).toBe(0);
        await services.resources.groupCommit.whenIdle();
        expect(await countStored(ctx)).toBe(count);
      },
    ),
    { numRuns: runs },
  );
  expect(cuts).toBeGreaterThanOrEqual(runs);
}, 120_000);

test('what a subscriber leaves stops soon', async () => {
  const ctx = await services.tenantContext();
  const leaving = new AbortController();
  const run = generate(ctx, { count: 1_000_000 }, leaving.signal);
  await run.next();
  const { value } = await run.next();
  leaving.abort();
  await run.return(undefined);
  await services.resources.groupCommit.whenIdle();
  const stored = await countStored(ctx);
  // No more than was under way.
  expect(stored).toBeLessThanOrEqual((value?.message.done ?? 0) + 8_000);
  await services.resources.groupCommit.whenIdle();
  expect(await countStored(ctx)).toBe(stored);
});

test('runs that are more than ingest takes wait for each other', async () => {
  const ctx = await services.tenantContext();
  const reports = await Promise.all(
    ['a', 'b'].map(async (seed) => (await runToEnd(ctx, { count: 15_000, seed })).report),
  );
  expect(reports.map(({ accepted }) => accepted)).toEqual([15_000, 15_000]);
  expect(await countStored(ctx)).toBe(30_000);
});

test('what ingest rejects is counted, with the reason', async () => {
  const ctx = await services.tenantContext();
  const now = Date.now();
  const { report } = await runToEnd(ctx, {
    count: 1_000,
    from: new Date(now - 2 * 86_400_000).toISOString(),
    to: new Date(now + 5 * 86_400_000).toISOString(),
  });
  expect(report.accepted + report.rejected).toBe(1_000);
  expect(report.rejected).toBeGreaterThan(0);
  expect(report.reason).toMatchObject({ code: 'too_far_ahead', path: 'occurredAt' });
  expect(await countStored(ctx)).toBe(report.accepted);
});

test('a run ends once its credential does', async () => {
  const ctx = await services.tenantContext();
  const run = generate({ ...ctx, isStillAllowed: async () => false }, { count: 1_000_000 });
  await expect(Array.fromAsync(run)).rejects.toMatchObject({ code: 'unauthenticated' });
});

test.each<[string, object]>([
  ['count', { count: 1_000_001 }],
  ['count', { count: 0 }],
  ['to', { count: 1, to: WEEK.from }],
  ['to', { count: 1, to: '2028-01-01T00:00:00Z' }],
  ['users', { count: 1, users: 0 }],
  ['types', { count: 1, types: [] }],
  ['devices', { count: 1, devices: ['toaster'] }],
  ['seed', { count: 1, seed: '' }],
])('a wrong %s is refused by its name', (field, input) => {
  const issues = generateInputSchema.safeParse({ ...WEEK, ...input }).error?.issues ?? [];
  expect(issues.map(({ path }) => path[0])).toEqual([field]);
});

test('a run that is resumed far behind its begin lets others be served meanwhile', async () => {
  const ctx = await services.tenantContext();
  const place = { seed: 's', accepted: 99_999, duplicate: 0, rejected: 0, reason: null, startedAt: Date.now() };
  const lastEventId = Buffer.from(JSON.stringify(place)).toString('base64url');
  let turns = 0;
  let isRunning = true;
  const takeTurns = () => {
    turns += 1;
    if (isRunning) setImmediate(takeTurns);
  };
  takeTurns();
  const { report } = await runToEnd(ctx, { count: 100_000, lastEventId });
  isRunning = false;
  expect(report).toMatchObject({ accepted: 100_000, seed: 's' });
  expect(await countStored(ctx)).toBe(1);
  expect(turns).toBeGreaterThanOrEqual(100);
});

test('an id of another run is refused', async () => {
  const ctx = await services.tenantContext();
  const { id } = (await runToEnd(ctx, { count: 10 })).messages.at(-1) ?? { id: '' };
  for (const lastEventId of ['x', '', id.slice(2), Buffer.from('{}').toString('base64url')]) {
    await expect(generate(ctx, { count: 10, lastEventId }).next()).rejects.toMatchObject({ code: 'invalid_cursor' });
  }
  await expect(generate(ctx, { count: 9, lastEventId: id }).next()).rejects.toMatchObject({ code: 'invalid_cursor' });
});

test('a tenant has two runs at a time, a server four, and one that is left makes room', async () => {
  const tenants = await Promise.all(Array.from({ length: 3 }, () => services.tenantContext()));
  const begin = async (ctx: TenantContext | undefined) => {
    const run = generate(ctx as TenantContext, { count: 1_000_000 });
    await run.next();
    return run;
  };
  const [one, two, three] = tenants;
  const runs = [await begin(one), await begin(one)];
  const refusal = (streams: number) => ({ code: 'overloaded', evidence: { streams, retryAfterMs: 5_000 } });
  await expect(begin(one)).rejects.toMatchObject(refusal(2));
  runs.push(await begin(two), await begin(two));
  await expect(begin(three)).rejects.toMatchObject(refusal(4));
  await runs[0]?.return(undefined);
  runs.push(await begin(three));
  await Promise.all(runs.map((run) => run.return(undefined)));
});
