import type { Summary } from '@tidemark/schemas';
import { eraseUser, querySummary, setRetention, type TenantContext, updateTenant } from '@tidemark/services';
import { assertEqualsBruteForce, auditTenant, Oracle, servicesResource } from '@tidemark/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { eraseStep } from '../src/events/erase-step.ts';
import { foldTenant } from '../src/rollups/fold-tenant.ts';
import { rebuildTenant } from '../src/rollups/rebuild-tenant.ts';
import { trimTenant } from '../src/rollups/trim-tenant.ts';
import { ingestScenario } from './ingest-scenario.ts';
import { type Scenario, scenarioArbitrary, ZONES } from './scenario-arbitrary.ts';

const NOW = Date.parse('2026-11-22T10:37:12.345Z');
/** Each asks and audits after every step, so that a run is about five questions. */
const RUNS = 100;

test('after each step of an erasure every number and every table is right, and in the end nothing names the user', {
  timeout: 900_000,
}, async () => {
  await using services = await servicesResource();
  await using oracle = await Oracle.open(services.url);
  services.setNow(NOW);
  const seen = { steps: 0, partial: 0, unfolded: 0, midRebuild: 0, back: 0 };
  const limits = fc.record({ maxEvents: fc.constantFrom(1, 2, 50), maxSets: fc.constantFrom(1, 3, 24) });
  const move = fc.option(fc.constantFrom(...ZONES), { nil: undefined });

  await fc.assert(
    fc.asyncProperty(scenarioArbitrary(NOW), limits, move, async (scenario, limit, timeZone) => {
      const ctx = await services.tenantContext({ timeZone: scenario.tenantZone });
      await replay(ctx, scenario);
      if (timeZone !== undefined) {
        await updateTenant(ctx, { timeZone });
        await rebuildTenant(ctx.resources, ctx.tenant, { maxEvents: 5 });
      }
      const check = async () => {
        expect(await auditTenant(oracle, { tenantId: ctx.tenant.id })).toEqual([]);
        await assertEqualsBruteForce(oracle, ctx.tenant.id, scenario.question, await ask(ctx, scenario));
      };
      for (const userId of ['ada', 'bo', 'nobody']) {
        let steps = 0;
        for (let state = 'more'; state === 'more'; steps += 1) {
          ({ state } = await eraseStep(ctx.resources, ctx.tenant.id, userId, limit));
          await check();
        }
        seen.steps += steps;
        seen.partial += Number(steps > 1);
        expect(await findTraces(oracle, ctx, userId)).toEqual([]);
      }
      seen.unfolded += Number(scenario.batches.at(-1)?.isFoldedAfter === false);
      seen.midRebuild += Number(timeZone !== undefined);
      // Whoever comes again is someone new.
      const [batch] = scenario.batches;
      await ingestScenario(ctx, batch?.events ?? []);
      seen.back += Number(batch?.events.some(({ userId }) => userId === 'ada') === true);
      await foldTenant(ctx.resources, ctx.tenant);
      await check();
    }),
    { numRuns: RUNS },
  );
  for (const [name, count] of Object.entries(seen)) expect(count, name).toBeGreaterThanOrEqual(RUNS / 10);
});

test('where retention took the events, counts and users stay as they were, without a name', async () => {
  await using services = await servicesResource();
  await using oracle = await Oracle.open(services.url);
  services.setNow(NOW);
  const ctx = await services.tenantContext();
  const event = (occurredAt: string, userId: string) => ({ id: crypto.randomUUID(), type: 'view', userId, occurredAt });
  const at = (...days: string[]) => days.flatMap((day) => ['ada', 'bo'].map((user) => event(`${day}T10:00:00Z`, user)));
  await ingestScenario(
    ctx,
    at('2026-10-05', '2026-11-20').map((one) => ({ ...one, occurredAt: Date.parse(one.occurredAt) })),
  );
  await foldTenant(ctx.resources, ctx.tenant);
  await setRetention(ctx, { rawDays: 10, rollupDays: null });
  // The horizon has moved, and not a row has gone yet.
  await trimTenant(ctx.resources, { id: ctx.tenant.id, rawDays: 10, rollupDays: null }, { maxRows: 1 });

  expect(await eraseUser(ctx, { userId: 'ada' })).toMatchObject({ userId: 'ada', wasKnown: true });
  expect(await findTraces(oracle, ctx, 'ada')).toEqual([]);
  const days = async (day: string) => {
    const range = { from: `${day}T00:00:00.000Z`, to: `${day}T23:00:00.000Z` };
    return (await querySummary(ctx, { ...range, interval: 'hour', groupLimit: 5 })).totals;
  };
  expect(await days('2026-10-05')).toEqual({ events: 2, users: 2 });
  expect(await days('2026-11-20')).toEqual({ events: 1, users: 1 });
  expect(await eraseUser(ctx, { userId: 'ada' })).toEqual({ userId: 'ada', events: 0, wasKnown: false });
});

async function replay(ctx: TenantContext, { batches }: Scenario): Promise<void> {
  for (const { events, isFoldedAfter } of batches) {
    await ingestScenario(ctx, events);
    if (isFoldedAfter) expect(await foldTenant(ctx.resources, ctx.tenant)).toBe('drained');
  }
}

async function ask(ctx: TenantContext, { question }: Scenario): Promise<Summary> {
  return await querySummary(ctx, { ...question, fresh: true });
}

/** Rows of any table that hold the user's name. */
async function findTraces(oracle: Oracle, { tenant }: TenantContext, userId: string) {
  return await oracle.ask(
    `SELECT 'events' AS place FROM events WHERE tenant_id = $1 AND user_id = $2
     UNION ALL SELECT 'users' FROM users WHERE tenant_id = $1 AND user_id = $2`,
    [tenant.id, userId],
  );
}
