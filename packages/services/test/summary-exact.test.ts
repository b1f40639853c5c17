import type { Bucket, Group, Summary, SummaryQuery } from '@tidemark/schemas';
import { ingestEvents, querySummary, type TenantContext } from '@tidemark/services';
import { Oracle, type OracleQuestion, type OracleRow, servicesResource } from '@tidemark/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { foldTenant } from '../src/rollups/fold-tenant.ts';
import { isDayWithClockChange, type Scenario, scenarioArbitrary } from './scenario-arbitrary.ts';

/** The clock of every scenario; its late events, future events and minute counts are relative to it. */
const NOW = Date.parse('2026-11-22T10:37:12.345Z');
const RUNS = 500;

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
  };

  await fc.assert(
    fc.asyncProperty(scenarioArbitrary(NOW), async (scenario) => {
      const ctx = await services.tenantContext({ timeZone: scenario.tenantZone });
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
      seen.future += Number(scenario.batches.some(({ events }) => events.some((one) => one.occurredAt > NOW)));
    }),
    { numRuns: RUNS },
  );

  // A run that meets none of the hard cases would prove nothing.
  for (const [name, count] of Object.entries(seen)) expect(count, name).toBeGreaterThanOrEqual(RUNS / 20);
});

/** Sends the batches as they are, each again in part, asks after each, and folds in between. */
async function replay(ctx: TenantContext, { batches, question }: Scenario): Promise<void> {
  const tenant = await ctx.resources.tenants.findTenant(ctx.tenant.id);
  if (tenant === undefined) throw new Error('the tenant is gone');
  for (const { events, repeats, isFoldedAfter } of batches) {
    const inputs = events.map(({ occurredAt, ...event }) => ({
      ...event,
      occurredAt: new Date(occurredAt).toISOString(),
    }));
    const { receipts } = await ingestEvents(ctx, { events: [...inputs, ...inputs.slice(0, repeats)] });
    expect(receipts.filter(({ status }) => status === 'rejected')).toEqual([]);
    await querySummary(ctx, question);
    if (isFoldedAfter) expect(await foldTenant(ctx.resources, tenant)).toBe('drained');
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

async function assertEqualsBruteForce(oracle: Oracle, tenantId: string, query: SummaryQuery, answer: Summary) {
  const { interval, timeZone, range } = answer.meta;
  const { types, devices, userId, groupBy, groupLimit } = query;
  const question = {
    tenantId,
    interval,
    timeZone,
    groupLimit,
    ...range,
    ...(types && { types }),
    ...(devices && { devices }),
    ...(userId !== undefined && { userId }),
    ...(groupBy && { groupBy }),
  };
  await assertRange(oracle, question, answer);
  if (query.compare === undefined) return;
  const [from = '', to = ''] = await oracle.previousRange({ ...range, timeZone });
  expect(answer.previous?.range).toEqual({ from, to });
  if (answer.previous === undefined) return;
  // Its groups are those of the current range, so brute force checks its numbers without them.
  await assertRange(oracle, { ...question, from, to }, answer.previous, { skipGroups: true });
}

async function assertRange(
  oracle: Oracle,
  question: OracleQuestion,
  { totals, series }: Pick<Summary, 'totals' | 'series'>,
  { skipGroups = false } = {},
) {
  const truth = await oracle.count(question);
  expect({ events: totals.events, users: totals.users }).toEqual({
    events: truth.total.events,
    users: truth.total.users,
  });

  const keys = await assertBuckets(oracle, question, series);
  const found = series.map(({ events, users }, index) => ({ bucket: keys[index] ?? '', events, users }));
  expect(sorted(found.filter(({ events }) => events > 0))).toEqual(
    sorted(truth.buckets.map(({ bucket, events, users }) => ({ bucket, events, users }))),
  );
  expect(totals.events).toBe(series.reduce((sum, { events }) => sum + events, 0));

  if (question.groupBy === undefined || skipGroups) return;
  const groups = await oracle.countGroups(question);
  expect(sorted((totals.groups ?? []).map((group) => toRow('', group)))).toEqual(sorted(groups.total));
  const ofBuckets = series.flatMap((bucket, index) =>
    (bucket.groups ?? []).map((group) => toRow(keys[index] ?? '', group)),
  );
  expect(sorted(ofBuckets)).toEqual(sorted(groups.buckets));
}

/** The buckets tile the range, and each is one of PostgreSQL's, clipped. Returns PostgreSQL's names for them. */
async function assertBuckets(oracle: Oracle, question: OracleQuestion, series: readonly Bucket[]): Promise<string[]> {
  const { from, to, interval, timeZone } = question;
  const edges = [...series.map(({ start }) => start), series.at(-1)?.end];
  expect(series.map(({ end }) => end)).toEqual(edges.slice(1));
  expect([edges[0], edges.at(-1)]).toEqual([from, to]);
  const first = await oracle.truncate(
    series.map(({ start }) => start),
    interval,
    timeZone,
  );
  const lastInstants = series.map(({ end }) => new Date(Date.parse(end) - 1).toISOString());
  expect(await oracle.truncate(lastInstants, interval, timeZone)).toEqual(first);
  expect(new Set(first).size).toBe(first.length);
  return first;
}

function toRow(bucket: string, { key, events, users, isOther }: Group): OracleRow {
  return { bucket, key, isOther: isOther === true, events, users };
}

function sorted<Row>(rows: readonly Row[]): Row[] {
  return [...rows].sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
}
