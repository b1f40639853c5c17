import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { foldAll, ingestEvents, startMaintenance, type TenantContext, updateTenant } from '@tidemark/services';
import { auditTenant, makeLoadEvents, Oracle, type ServicesResource, servicesResource } from '@tidemark/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rebuildTenant } from '../src/rollups/rebuild-tenant.ts';

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

const ZONES = [
  'Asia/Kathmandu',
  'America/New_York',
  'Pacific/Apia',
  'Australia/Lord_Howe',
  'Etc/GMT+12',
  'Asia/Kolkata',
];

/** What each server is sent for a change: enough to meet all of it, and no more to audit 24 times over. */
const BATCHES_A_CHANGE = 10;
const IDLE_MS = 2;

const audit = ({ tenant }: TenantContext) => auditTenant(oracle, { tenantId: tenant.id });

async function isRebuilding({ tenant }: TenantContext): Promise<boolean> {
  const [row] = await oracle.ask('SELECT is_rebuilding FROM tenants WHERE id = $1', [tenant.id]);
  return row?.is_rebuilding === 't';
}

test('changes of the zone under ingest, folds and rebuilds on two servers leave every table right at every moment', {
  timeout: 120_000,
}, async () => {
  const ctx = await services.tenantContext({ timeZone: 'Europe/Berlin' });
  const servers = [services, other];
  let isChanging = true;
  let changes = 0;
  const results = new Set<string>();
  const loops = servers.flatMap(({ resources }) => [
    (async () => {
      for (let batches = 0; isChanging; ) {
        if (batches < (changes + 1) * BATCHES_A_CHANGE) {
          await ingestEvents({ ...ctx, resources }, { events: makeLoadEvents(60) });
          batches += 1;
        } else await delay(IDLE_MS);
      }
    })(),
    (async () => {
      while (isChanging) await foldAll(resources);
    })(),
    (async () => {
      while (isChanging) results.add(await rebuildTenant(resources, ctx.tenant, { maxEvents: 300 }));
    })(),
  ]);
  try {
    for (const [index, timeZone] of [...ZONES, ...ZONES].entries()) {
      const { resources } = servers[index % 2] ?? services;
      changes += 1;
      await updateTenant({ ...ctx, resources }, { timeZone });
      expect(await audit(ctx)).toEqual([]);
      // The next change meets this one's rebuild midway or done.
      if (index % 3 === 0) await rebuildTenant(resources, ctx.tenant);
      expect(await audit(ctx)).toEqual([]);
    }
  } finally {
    isChanging = false;
    await Promise.all(loops);
  }
  expect(results).toContain('more');

  await using _maintenance = startMaintenance(other.resources, {
    onError: (_task, error) => expect.fail(String(error)),
  });
  await expect.poll(() => isRebuilding(ctx), { timeout: 30_000 }).toBe(false);
  await foldAll(services.resources);
  expect(await audit(ctx)).toEqual([]);
  const [head] = await oracle.ask('SELECT time_zone, days_from FROM tenant_heads WHERE tenant_id = $1', [
    ctx.tenant.id,
  ]);
  expect(head).toEqual({ time_zone: 'Asia/Kolkata', days_from: null });
});

test('a rebuild whose backend is ended at a random moment is finished by another server', {
  timeout: 120_000,
}, async () => {
  const ctx = await services.tenantContext({ timeZone: 'Europe/Berlin' });
  await using killer = await Oracle.open(services.url);
  for (let batch = 0; batch < 4; batch += 1) await ingestEvents(ctx, { events: makeLoadEvents(500) });
  await foldAll(services.resources);
  let killed = 0;
  for (let round = 0; round < 60 && killed < 6; round += 1) {
    await updateTenant(ctx, { timeZone: ZONES[round % ZONES.length] });
    const rebuild = rebuildSteps(services, ctx).then(
      () => false,
      () => true,
    );
    await delay(randomInt(40));
    await killer.ask(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'
         AND query ~ 'user_sets|event_counts|tenant_heads|folds'`,
    );
    killed += Number(await rebuild);
    expect(await audit(ctx)).toEqual([]);
    await rebuildSteps(other, ctx);
    expect(await audit(ctx)).toEqual([]);
    expect(await isRebuilding(ctx)).toBe(false);
  }
  expect(killed).toBeGreaterThanOrEqual(3);
});

async function rebuildSteps({ resources }: ServicesResource, { tenant }: TenantContext): Promise<void> {
  while ((await rebuildTenant(resources, tenant, { maxEvents: 100 })) !== 'done');
}
