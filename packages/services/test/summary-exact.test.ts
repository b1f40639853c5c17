import { querySummary, type TenantContext } from '@tidemark/services';
import { assertEqualsBruteForce, Oracle, servicesResource } from '@tidemark/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { foldTenant } from '../src/rollups/fold-tenant.ts';
import { ingestScenario } from './ingest-scenario.ts';
import { isDayWithClockChange, type Scenario, scenarioArbitrary } from './scenario-arbitrary.ts';

/** The clock of every scenario; its late events, future events and minute counts are relative to it. */
const NOW = Date.parse('2026-11-22T10:37:12.345Z');
const RUNS = 500;
const CHUNK_SIZE = 8_192;

test('every number of a summary equals brute force over the raw events', { timeout: 600_000 }, async () => {
  await using services = await servicesResource();
  await using oracle = await Oracle.open(services.url);
  services.setNow(NOW);
  const seen = {
    clockChange: 0,
    subHourZone: 0,
    foreignZone: 0,
    late: 0,
    midFold: 0,
    unfolded: 0,
    duplicate: 0,
    future: 0,
    hit: 0,
    counted: 0,
    byType: 0,
    byDevice: 0,
    manyChunks: 0,
    minutes: 0,
    compared: 0,
    others: 0,
    ofUser: 0,
    byProperty: 0,
  };
  // Two places before the end of a chunk of users, so that six of them are in two chunks.
  const firstOrdinals = fc.constantFrom(0, CHUNK_SIZE - 2, 3 * CHUNK_SIZE - 2);

  await fc.assert(
    fc.asyncProperty(scenarioArbitrary(NOW), firstOrdinals, async (scenario, firstOrdinal) => {
      const ctx = await services.tenantContext({ timeZone: scenario.tenantZone });
      await oracle.ask('UPDATE tenant_heads SET next_ordinal = $2 WHERE tenant_id = $1', [ctx.tenant.id, firstOrdinal]);
      const { question } = scenario;
      await replay(ctx, scenario);
      // Asked after every batch before, so this one comes from the cache wherever the cache holds it for right.
      const answer = await querySummary(ctx, question);
      await assertEqualsBruteForce(oracle, ctx.tenant.id, question, answer);
      const fresh = await querySummary(ctx, { ...question, fresh: true });
      expect({ ...answer, meta: undefined }).toEqual({ ...fresh, meta: undefined });
      expect(fresh.meta.cache.status).toBe('bypass');

      seen.hit += Number(answer.meta.cache.status === 'hit');
      const folds = scenario.batches.filter(({ isFoldedAfter }) => isFoldedAfter).length;
      const zone = answer.meta.timeZone;
      seen.clockChange += Number(answer.series.some((bucket) => isDayWithClockChange(bucket.start, zone)));
      seen.subHourZone += Number(/Kolkata|Kathmandu|Lord_Howe|Chatham/.test(`${zone} ${scenario.tenantZone}`));
      seen.foreignZone += Number(zone !== scenario.tenantZone);
      seen.late += Number(hasLateEvent(scenario));
      seen.midFold += Number(folds > 0 && scenario.batches.at(-1)?.isFoldedAfter === false);
      seen.unfolded += Number(folds === 0);
      seen.duplicate += Number(scenario.batches.some(({ repeats }) => repeats > 0));
      const isCounted = answer.totals.events > 0;
      seen.counted += Number(isCounted);
      seen.byType += Number(isCounted && question.types !== undefined);
      seen.byDevice += Number(isCounted && question.devices !== undefined);
      seen.manyChunks += Number(firstOrdinal > 0 && answer.totals.users > 2);
      seen.minutes += Number(answer.meta.interval === 'minute');
      seen.compared += Number((answer.previous?.totals.events ?? 0) > 0);
      seen.others += Number(answer.totals.groups?.some(({ isOther }) => isOther) === true);
      seen.ofUser += Number(isCounted && question.userId !== undefined);
      seen.byProperty += Number(isCounted && question.properties !== undefined);
      seen.future += Number(scenario.batches.some(({ events }) => events.some((one) => one.occurredAt > NOW)));
    }),
    { numRuns: RUNS },
  );

  // A run that meets none of the hard cases would prove nothing.
  for (const [name, count] of Object.entries(seen)) expect(count, name).toBeGreaterThanOrEqual(RUNS / 60);
  expect(seen.counted).toBeGreaterThanOrEqual(RUNS / 2);
});

/** Sends the batches, each again in part with itself and with the next, asks after each, and folds in between. */
async function replay(ctx: TenantContext, { batches, question }: Scenario): Promise<void> {
  let before: Scenario['batches'][number]['events'] = [];
  for (const { events, repeats, isFoldedAfter } of batches) {
    await ingestScenario(ctx, [...events, ...before.slice(0, repeats)], repeats);
    before = events;
    await querySummary(ctx, question);
    if (isFoldedAfter) expect(await foldTenant(ctx.resources, ctx.tenant)).toBe('drained');
  }
}

function hasLateEvent({ batches }: Scenario): boolean {
  let newest = -Infinity;
  for (const { events } of batches) {
    if (events.some(({ occurredAt }) => occurredAt < newest)) return true;
    for (const { occurredAt } of events) newest = Math.max(newest, occurredAt);
  }
  return false;
}
