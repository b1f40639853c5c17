import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { foldAll, ingestEvents, type TenantContext } from '@tidemark/services';
import { auditTenant, makeLoadEvents, Oracle, type ServicesResource, servicesResource } from '@tidemark/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { foldTenant } from '../src/rollups/fold-tenant.ts';

let services: ServicesResource;
let other: ServicesResource;
let oracle: Oracle;
beforeAll(async () => {
  services = await servicesResource();
  other = await servicesResource({ databaseUrl: services.url });
  oracle = await Oracle.open(services.url);
});
afterAll(async () => {
  await oracle[Symbol.asyncDispose]();
  await other[Symbol.asyncDispose]();
  await services[Symbol.asyncDispose]();
});

async function tenantOf(ctx: TenantContext) {
  const row = await services.resources.tenants.findTenant(ctx.tenant.id);
  if (row === undefined) throw new Error('the tenant is gone');
  return row;
}

async function countLog(ctx: TenantContext): Promise<number> {
  const [row] = await oracle.ask('SELECT count(*) FROM user_log WHERE tenant_id = $1', [ctx.tenant.id]);
  return Number(row?.count);
}

const audit = (ctx: TenantContext) => auditTenant(oracle, { tenantId: ctx.tenant.id });

/** One event of each user, all in one quarter-hour. */
async function sendUsers(ctx: TenantContext, from: number, to: number): Promise<void> {
  const occurredAt = '2026-11-20T10:07:00.000Z';
  for (let first = from; first < to; first += 1_000) {
    const users = Array.from({ length: Math.min(1_000, to - first) }, (_, index) => `user ${first + index}`);
    await ingestEvents(ctx, {
      events: users.map((userId) => ({ type: 'view', device: 'mobile', userId, occurredAt })),
    });
  }
}

/** How the one day's sets are stored: members of arrays, and of bits, by chunk. */
async function listSets(ctx: TenantContext) {
  return await oracle.ask(
    `SELECT chunk, length(members) / 2 AS members, bit_count(bits) AS bits FROM user_sets_day
     WHERE tenant_id = $1 AND type_id = -1 AND device = -1 ORDER BY chunk`,
    [ctx.tenant.id],
  );
}

test('several folders at once, on two servers, under ingest: nobody is lost or made up, and the log ends empty', {
  timeout: 240_000,
}, async () => {
  const ctx = await services.tenantContext({ timeZone: 'Europe/Berlin' });
  const tenant = await tenantOf(ctx);
  const sending = (async () => {
    for (let batch = 0; batch < 25; batch++) await ingestEvents(ctx, { events: makeLoadEvents(150) });
  })();
  let isSending = true;
  const folders = [services, services, services, other, other, other].map(async ({ resources }) => {
    const results: string[] = [];
    while (isSending) results.push(await foldTenant(resources, tenant));
    return results;
  });
  await sending;
  isSending = false;
  const results = (await Promise.all(folders)).flat();
  // They really met: some found another at work, some did the work.
  expect(new Set(results)).toEqual(new Set(['busy', 'drained']));
  expect(await audit(ctx)).toEqual([]);

  expect(await foldTenant(services.resources, tenant)).toBe('drained');
  expect(await countLog(ctx)).toBe(0);
  expect(await audit(ctx)).toEqual([]);
});

test('a fold whose backend is ended at a random moment counts nobody twice and loses nobody', {
  timeout: 120_000,
}, async () => {
  const ctx = await services.tenantContext({ timeZone: 'Asia/Kathmandu' });
  const tenant = await tenantOf(ctx);
  await using killer = await Oracle.open(services.url);
  let aborted = 0;
  for (let round = 0; round < 40 && aborted < 8; round++) {
    await Promise.all([
      ingestEvents(ctx, { events: makeLoadEvents(400) }),
      ingestEvents(ctx, { events: makeLoadEvents(400) }),
    ]);
    let isFolding = true;
    const fold = foldTenant(services.resources, tenant).then(
      () => false,
      () => true,
    );
    const ended = fold.finally(() => {
      isFolding = false;
    });
    const kill = (async () => {
      // Not a wait for anything: the moment within the fold is what is random.
      await delay(randomInt(25));
      while (isFolding) {
        const killed = await killer.ask(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
           WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'
             AND query ~ 'user_log|user_sets|folds'`,
        );
        if (killed.length > 0) return;
      }
    })();
    const isAborted = await ended;
    await kill;
    aborted += Number(isAborted);
    expect(await audit(ctx)).toEqual([]);
    if (isAborted) expect(await countLog(ctx)).toBeGreaterThan(0);
  }
  expect(aborted).toBeGreaterThanOrEqual(4);

  await foldAll(services.resources);
  expect(await countLog(ctx)).toBe(0);
  expect(await audit(ctx)).toEqual([]);
});

test('a set is an array of up to 256 users and bits beyond, and exact on either side', async () => {
  const ctx = await services.tenantContext();
  const steps = [
    { to: 200, set: { members: '200', bits: null } },
    { to: 256, set: { members: '256', bits: null } },
    { to: 257, set: { members: null, bits: '257' } },
    { to: 700, set: { members: null, bits: '700' } },
  ];
  let from = 0;
  for (const { to, set } of steps) {
    // Some of them were there before, so that sets overlap when they are united.
    await sendUsers(ctx, Math.max(0, from - 50), to);
    await foldAll(services.resources);
    expect(await listSets(ctx)).toEqual([{ chunk: '0', ...set }]);
    expect(await audit(ctx)).toEqual([]);
    from = to;
  }
});

test('a set that begins with more than 256 users begins as bits, and takes single users', async () => {
  const ctx = await services.tenantContext();
  await sendUsers(ctx, 0, 300);
  await foldAll(services.resources);
  await sendUsers(ctx, 300, 301);
  await foldAll(services.resources);
  expect(await listSets(ctx)).toEqual([{ chunk: '0', members: null, bits: '301' }]);
  expect(await audit(ctx)).toEqual([]);
});

test('users past 8,192 go into a chunk of their own', { timeout: 240_000 }, async () => {
  const ctx = await services.tenantContext();
  await sendUsers(ctx, 0, 8_200);
  await foldAll(services.resources);
  expect(await listSets(ctx)).toEqual([
    { chunk: '0', members: null, bits: '8192' },
    { chunk: '1', members: '8', bits: null },
  ]);
  expect(await audit(ctx)).toEqual([]);
});

test('a long log is folded in several transactions, each of whole commits', { timeout: 240_000 }, async () => {
  const ctx = await services.tenantContext();
  const tenant = await tenantOf(ctx);
  await sendUsers(ctx, 0, 20_500);
  expect(await foldTenant(services.resources, tenant)).toBe('more');
  expect(await countLog(ctx)).toBeGreaterThan(0);
  expect(await audit(ctx)).toEqual([]);
  expect(await foldTenant(services.resources, tenant)).toBe('drained');
  expect(await countLog(ctx)).toBe(0);
  expect(await audit(ctx)).toEqual([]);
});

test('a tenant off the whole hour has sets of quarter-hours', async () => {
  const occurredAt = ['10:00', '10:14', '10:15', '10:44', '10:45', '18:14', '18:15'].map(
    (time) => `2026-11-20T${time}:30.000Z`,
  );
  const events = occurredAt.map((at, index) => ({ type: 'view', userId: `user ${index}`, occurredAt: at }));
  const listBuckets = async (ctx: TenantContext) => {
    await ingestEvents(ctx, { events });
    await foldAll(services.resources);
    expect(await audit(ctx)).toEqual([]);
    const rows = await oracle.ask(
      `SELECT to_char(bucket AT TIME ZONE 'UTC', 'HH24:MI') AS bucket, length(members) / 2 AS users
       FROM user_sets_hour WHERE tenant_id = $1 AND type_id = -1 AND device = -1 ORDER BY 1`,
      [ctx.tenant.id],
    );
    return rows.map(({ bucket, users }) => `${bucket} ${users}`);
  };
  expect(await listBuckets(await services.tenantContext({ timeZone: 'Asia/Kathmandu' }))).toEqual([
    '10:00 2',
    '10:15 1',
    '10:30 1',
    '10:45 1',
    '18:00 1',
    '18:15 1',
  ]);
  expect(await listBuckets(await services.tenantContext({ timeZone: 'UTC' }))).toEqual(['10:00 5', '18:00 2']);
});
