import { listEventTypes, type TenantTransaction, takeSnapshot, withTenant } from '@tidemark/database';
import { type Summary, type SummaryQuery, type Tier, toInstant } from '@tidemark/schemas';
import { DAY_MS, HOUR_MS } from '../calendar/days.ts';
import type { EpochRange } from '../calendar/resolve-range.ts';
import type { TenantRef } from '../context.ts';
import { MINUTES_READ_MS } from '../events/count-deltas.ts';
import type { Resources } from '../resources.ts';
import { toCountCells } from './count-cells.ts';
import { planSummary, type SummaryPlan } from './plan-summary.ts';
import { type GroupChoice, summarizeRange } from './summarize-range.ts';

/** An answer and the last commit it holds. */
export type SummaryAnswer = { readonly summary: Summary; readonly seq: number };

/** Computes an answer from the database, every number of it from one snapshot. */
export async function answerSummary(
  { database, clock, calendars }: Resources,
  tenant: TenantRef,
  query: SummaryQuery,
): Promise<SummaryAnswer> {
  const now = clock();
  const started = performance.now();
  const plan = planSummary(query, tenant.timeZone, now);
  return await withTenant(database.reads, tenant.id, 'read', async (transaction) => {
    const snapshot = await takeSnapshot(transaction);
    const days = calendars.daysOf(tenant.timeZone);
    const { source, ...numbers } = await computeNumbers(transaction, query, plan, {
      days,
      setMinutes: tenant.setMinutes,
      minutesFrom: now - MINUTES_READ_MS,
    });
    const summary: Summary = {
      ...numbers,
      meta: {
        source,
        cache: { status: 'bypass', ageMs: 0, ttlMs: 0, tier: toTier(plan.range, now) },
        asOf: toInstant(snapshot.asOf),
        range: toInstants(plan.range),
        interval: plan.interval,
        timeZone: plan.timeZone,
        exact: true,
        degraded: null,
        tookMs: Math.round((performance.now() - started) * 10) / 10,
      },
    };
    return { summary, seq: snapshot.seq };
  });
}

async function computeNumbers(
  transaction: TenantTransaction,
  query: SummaryQuery,
  plan: SummaryPlan,
  levels: Pick<Parameters<typeof toCountCells>[0], 'days' | 'setMinutes' | 'minutesFrom'>,
) {
  const typeIds = await listEventTypes(transaction);
  const countCells = toCountCells({ transaction, filters: query, typeIds, ...levels });
  const groups: GroupChoice | undefined = query.groupBy && {
    by: query.groupBy,
    limit: query.groupLimit,
    typeNames: new Map([...typeIds].map(([name, id]) => [id, name])),
  };
  const current = await summarizeRange(countCells, plan.edges, groups);
  const { totals, series, source } = current;
  if (plan.previous === undefined) return { totals, series: [...series], source };

  // The groups of the current range, so that the two can be laid side by side.
  const before = await summarizeRange(countCells, plan.previous.edges, groups && { ...groups, keep: current.keep });
  return {
    totals,
    series: [...series],
    previous: { range: toInstants(plan.previous.range), totals: before.totals, series: [...before.series] },
    source: source === before.source ? source : ('mixed' as const),
  };
}

function toInstants({ from, to }: EpochRange) {
  return { from: toInstant(from), to: toInstant(to) };
}

/** The tier by the age of the range's end: how soon the answer may change. */
function toTier({ to }: EpochRange, now: number): Tier {
  if (now - to < HOUR_MS) return 'realtime';
  return now - to < 7 * DAY_MS ? 'recent' : 'historical';
}
