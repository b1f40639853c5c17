import { findRetention, listTrimmingTenantRows } from '@tidemark/database';
import type { Summary, SummaryQuery } from '@tidemark/schemas';
import { querySummary, setRetention, type TenantContext, TidemarkError, updateTenant } from '@tidemark/services';
import { assertEqualsBruteForce, auditTenant, Oracle, servicesResource } from '@tidemark/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { foldTenant } from '../src/rollups/fold-tenant.ts';
import { rebuildTenant } from '../src/rollups/rebuild-tenant.ts';
import { trimTenant } from '../src/rollups/trim-tenant.ts';
import { ingestScenario } from './ingest-scenario.ts';
import { type RetentionStep, retentionScenarioArbitrary } from './retention-arbitrary.ts';
import { SavedEvents } from './saved-events.ts';

const NOW = Date.parse('2026-11-22T10:37:12.345Z');
/** Each asks after every step, so that a run is about eight questions. */
const RUNS = 100;

test('what retention took is answered from the rollups as it was, or refused with a range that is answered', {
  timeout: 900_000,
}, async () => {
  await using services = await servicesResource();
  await using saved = await SavedEvents.open(services.url);
  await using oracle = await Oracle.open(services.url);
  services.setNow(NOW);
  const seen = { answered: 0, answeredBeyond: 0, refused: 0, nearest: 0, midTrim: 0, forgotten: 0 };

  await fc.assert(
    fc.asyncProperty(retentionScenarioArbitrary(NOW), async ({ tenantZone, steps, question }) => {
      const ctx = await services.tenantContext({ timeZone: tenantZone });
      for (const step of steps) {
        await take(ctx, step);
        if (step.kind === 'ingest') await saved.save(ctx.tenant.id);
        const { rawFrom } = await readHorizon(oracle, ctx);
        const answer = await ask(ctx, question);
        if (answer instanceof TidemarkError) {
          seen.refused += 1;
          seen.nearest += Number(await answersNearest(ctx, saved.oracle, question, answer));
        } else {
          seen.answered += 1;
          seen.answeredBeyond += Number(rawFrom !== null && Date.parse(answer.meta.range.from) < rawFrom);
          seen.forgotten += Number(await assertAnswered(ctx, saved.oracle, question, answer));
        }
        seen.midTrim += Number((await findRetention(services.database.directory, ctx.tenant.id))?.isTrimming === true);
      }
      expect(await auditTenant(oracle, { tenantId: ctx.tenant.id })).toEqual([]);
    }),
    { numRuns: RUNS },
  );
  const { forgotten, ...often } = seen;
  for (const [name, count] of Object.entries(often)) expect(count, name).toBeGreaterThanOrEqual(RUNS / 5);
  expect(forgotten).toBeGreaterThanOrEqual(RUNS / 10);
});

async function take(ctx: TenantContext, step: RetentionStep): Promise<void> {
  const { resources, tenant } = ctx;
  if (step.kind === 'ingest') await ingestScenario(ctx, step.events);
  if (step.kind === 'fold') expect(await foldTenant(resources, tenant)).toBe('drained');
  if (step.kind === 'keep') await setRetention(ctx, step.setting);
  if (step.kind === 'move') await updateTenant(ctx, { timeZone: step.timeZone });
  if (step.kind === 'rebuild') {
    for (let count = 0; count < step.steps; count += 1) await rebuildTenant(resources, tenant, { maxEvents: 5 });
  }
  if (step.kind === 'trim') {
    for (let count = 0; count < step.steps; count += 1) {
      const [row] = (await listTrimmingTenantRows(resources.database.directory)).filter(({ id }) => id === tenant.id);
      if (row !== undefined) await trimTenant(resources, row, step);
    }
  }
}

async function ask(ctx: TenantContext, question: SummaryQuery): Promise<Summary | TidemarkError> {
  try {
    return await querySummary(ctx, { ...question, fresh: true });
  } catch (error) {
    if (error instanceof TidemarkError && error.code === 'beyond_retention') return error;
    throw error;
  }
}

/** Whether the range before is left out of the answer, which is right only where it would be refused by itself. */
async function assertAnswered(
  ctx: TenantContext,
  oracle: Oracle,
  question: SummaryQuery,
  answer: Summary,
): Promise<boolean> {
  const isForgotten = question.compare !== undefined && answer.previous === undefined;
  const compared = isForgotten ? { ...question, compare: undefined } : question;
  await assertEqualsBruteForce(oracle, ctx.tenant.id, compared, answer);
  if (!isForgotten) return false;
  const { range, interval, timeZone } = answer.meta;
  const [from = '', to = ''] = await oracle.previousRange({ ...range, timeZone });
  const before = { ...question, from, to, last: undefined, compare: undefined, interval, timeZone };
  expect(await ask(ctx, before)).toBeInstanceOf(TidemarkError);
  return true;
}

/** Whether the range that the refusal names is asked for: it must be answered, and rightly. */
async function answersNearest(
  ctx: TenantContext,
  oracle: Oracle,
  question: SummaryQuery,
  { evidence }: TidemarkError,
): Promise<boolean> {
  const { interval, ...asked } = question;
  const { from, to } = evidence.nearest as { from: string; to: string };
  const again = { ...asked, from, to, last: undefined, compare: undefined, interval };
  if (interval === 'auto') return false;
  const answer = await ask(ctx, again);
  if (answer instanceof TidemarkError) throw answer;
  await assertEqualsBruteForce(oracle, ctx.tenant.id, again, answer);
  return true;
}

async function readHorizon(oracle: Oracle, { tenant }: TenantContext): Promise<{ rawFrom: number | null }> {
  const [row] = await oracle.ask(
    `SELECT to_char(retention_horizon, 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS horizon FROM tenant_heads WHERE tenant_id = $1`,
    [tenant.id],
  );
  return { rawFrom: row?.horizon == null ? null : Date.parse(row.horizon) };
}
