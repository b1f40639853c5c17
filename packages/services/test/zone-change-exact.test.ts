import { querySummary, type TenantContext, updateTenant } from '@tidemark/services';
import {
  assertEqualsBruteForce,
  auditTenant,
  Oracle,
  type ServicesResource,
  servicesResource,
} from '@tidemark/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { foldTenant } from '../src/rollups/fold-tenant.ts';
import { rebuildTenant } from '../src/rollups/rebuild-tenant.ts';
import { ingestScenario } from './ingest-scenario.ts';
import { type ZoneStep, zoneScenarioArbitrary } from './zone-change-arbitrary.ts';

const NOW = Date.parse('2026-11-22T10:37:12.345Z');
/** Each asks after every step, so that a run is about six questions. */
const RUNS = 90;

test('every number equals brute force before, during and after changes of the zone', { timeout: 900_000 }, async () => {
  await using services = await servicesResource();
  await using other = await servicesResource({ databaseUrl: services.url });
  await using oracle = await Oracle.open(services.url);
  for (const server of [services, other]) server.setNow(NOW);
  const seen = { moves: 0, askedMidway: 0, ingestedMidway: 0, foldedMidway: 0, finer: 0, finished: 0, movedMidway: 0 };

  await fc.assert(
    fc.asyncProperty(zoneScenarioArbitrary(NOW), async ({ tenantZone, steps, question }) => {
      const ctx = await services.tenantContext({ timeZone: tenantZone });
      const there = { ...ctx, resources: other.resources };
      for (const step of steps) {
        const before = await readState(oracle, ctx);
        await take(step.isOtherServer ? there : ctx, step);
        const after = await readState(oracle, ctx);
        // The server that did not do it, and may still believe in the old zone.
        const asked = step.isOtherServer ? ctx : there;
        const answer = await querySummary(asked, { ...question, fresh: true });
        await assertEqualsBruteForce(oracle, ctx.tenant.id, question, answer);
        const kept = await querySummary(ctx, question);
        await assertEqualsBruteForce(oracle, ctx.tenant.id, question, kept);
        seen.moves += Number(step.kind === 'move');
        seen.finer += Number(after.isRefining);
        seen.askedMidway += Number(after.isMidway);
        seen.ingestedMidway += Number(step.kind === 'ingest' && before.isMidway);
        seen.foldedMidway += Number(step.kind === 'fold' && before.isMidway);
        seen.movedMidway += Number(step.kind === 'move' && before.isMidway);
      }
      await finish(other, ctx);
      await assertEqualsBruteForce(oracle, ctx.tenant.id, question, await querySummary(ctx, question));
      expect(await auditTenant(oracle, { tenantId: ctx.tenant.id })).toEqual([]);
      const state = await readState(oracle, ctx);
      expect(state).toEqual({ isMidway: false, isRefining: false });
      seen.finished += 1;
    }),
    { numRuns: RUNS },
  );
  for (const [name, count] of Object.entries(seen)) expect(count, name).toBeGreaterThanOrEqual(RUNS / 30);
});

async function take(ctx: TenantContext, step: ZoneStep): Promise<void> {
  const { resources, tenant } = ctx;
  if (step.kind === 'ingest') await ingestScenario(ctx, step.events);
  if (step.kind === 'fold') expect(await foldTenant(resources, tenant)).toBe('drained');
  if (step.kind === 'move') await updateTenant(ctx, { timeZone: step.timeZone });
  if (step.kind === 'rebuild') {
    for (let count = 0; count < step.steps; count += 1) await rebuildTenant(resources, tenant, step);
  }
}

async function finish({ resources }: ServicesResource, { tenant }: TenantContext): Promise<void> {
  for (let count = 0; count < 1_000; count += 1) {
    if ((await rebuildTenant(resources, tenant, { maxEvents: 10 })) === 'done') return;
  }
  throw new Error('the rebuild does not end');
}

async function readState(oracle: Oracle, { tenant }: TenantContext) {
  const [row] = await oracle.ask(
    'SELECT days_from IS NOT NULL AS days, quarter_sets_from IS NOT NULL AS sets FROM tenant_heads WHERE tenant_id = $1',
    [tenant.id],
  );
  return { isMidway: row?.days === 't', isRefining: row?.sets === 't' };
}
