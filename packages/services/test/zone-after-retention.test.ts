import type { SummaryQuery } from '@tidemark/schemas';
import { querySummary, setRetention, updateTenant } from '@tidemark/services';
import { assertEqualsBruteForce, auditTenant, Oracle, servicesResource } from '@tidemark/testing';
import { expect, test } from 'vitest';
import { foldTenant } from '../src/rollups/fold-tenant.ts';
import { rebuildTenant } from '../src/rollups/rebuild-tenant.ts';
import { trimTenant } from '../src/rollups/trim-tenant.ts';
import { ingestScenario } from './ingest-scenario.ts';
import { SavedEvents } from './saved-events.ts';

const NOW = Date.parse('2026-11-22T10:37:12.345Z');
const HOUR_MS = 60 * 60_000;
const RAW_FROM = '2026-11-12T00:00:00.000Z';

test('a zone off the whole hour, chosen after the raw events went: hours stay what they were, days are exact or refused', async () => {
  await using services = await servicesResource();
  await using saved = await SavedEvents.open(services.url);
  await using oracle = await Oracle.open(services.url);
  services.setNow(NOW);
  const ctx = await services.tenantContext({ timeZone: 'Europe/Berlin' });
  const { resources, tenant } = ctx;
  // Every quarter-hour of twenty days someone else, so that no edge can be off by one unseen.
  const from = Date.parse('2026-11-02T00:00:00Z');
  const events = Array.from({ length: 20 * 96 }, (_, index) => ({
    id: crypto.randomUUID(),
    type: 'view',
    occurredAt: from + index * (HOUR_MS / 4) + 1_000,
    userId: `user ${index % 37}`,
  }));
  await ingestScenario(ctx, events);
  await foldTenant(resources, tenant);
  await saved.save(tenant.id);
  const setting = { rawDays: 10, rollupDays: null };
  await setRetention(ctx, setting);
  while ((await trimTenant(resources, { id: tenant.id, ...setting })) !== 'done');
  await updateTenant(ctx, { timeZone: 'Asia/Kathmandu' });

  const ask = async (question: Pick<SummaryQuery, 'interval' | 'timeZone'> & { from: string; to: string }) => {
    const query = { groupLimit: 5, ...question };
    const answer = await querySummary(ctx, { ...query, fresh: true });
    await assertEqualsBruteForce(saved.oracle, tenant.id, query, answer);
    return answer.meta.source;
  };
  const check = async () => {
    const old = { from: '2026-11-03T00:00:00.000Z', to: '2026-11-11T05:00:00.000Z' };
    await ask({ ...old, interval: 'hour', timeZone: 'UTC' });
    await ask({ ...old, interval: 'day', timeZone: 'Africa/Lagos' });
    const days = { interval: 'day', timeZone: 'Asia/Kathmandu' } as const;
    const refused = ask({ ...days, from: '2026-11-03T18:15:00.000Z', to: '2026-11-09T18:15:00.000Z' });
    await expect(refused).rejects.toMatchObject({ code: 'beyond_retention', evidence: { rawFrom: RAW_FROM } });
    const source = await ask({ ...days, from: '2026-11-12T18:15:00.000Z', to: '2026-11-20T18:15:00.000Z' });
    expect(await auditTenant(oracle, { tenantId: tenant.id })).toEqual([]);
    return source;
  };
  await check();
  let steps = 0;
  for (; (await rebuildTenant(resources, tenant, { maxEvents: 200 })) !== 'done'; steps += 1) await check();
  expect(steps).toBeGreaterThan(5);
  expect(await check()).toBe('rollup');

  // Back on the hour everything is days again.
  await updateTenant(ctx, { timeZone: 'Asia/Tokyo' });
  while ((await rebuildTenant(resources, tenant)) !== 'done');
  const tokyo = { interval: 'day', timeZone: 'Asia/Tokyo' } as const;
  expect(await ask({ ...tokyo, from: '2026-11-03T15:00:00.000Z', to: '2026-11-20T15:00:00.000Z' })).toBe('rollup');
  const [head] = await oracle.ask('SELECT days_from FROM tenant_heads WHERE tenant_id = $1', [tenant.id]);
  expect(head?.days_from).toBeNull();
});
