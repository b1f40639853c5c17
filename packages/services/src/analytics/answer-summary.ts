import type { Priority, Source, Summary, SummaryQuery } from '@tidemark/schemas';
import type { Reader } from '../cache/asked.ts';
import { canonicalFilters } from '../cache/canonical-filters.ts';
import { toInstants } from '../calendar/to-instants.ts';
import type { TenantRef } from '../context.ts';
import { Rung } from '../resilience/rung.ts';
import type { Resources } from '../resources.ts';
import { TidemarkError } from '../tidemark-error.ts';
import { type Answer, answerQuestion, type Snapshot } from './answer-question.ts';
import type { GroupChoice } from './count-groups.ts';
import { cutSummary, resolveSummary, type SummaryPlan, toCut } from './plan-summary.ts';
import { summarizeRange } from './summarize-range.ts';

type Numbers = Omit<Summary, 'meta'>;
export type SummaryAnswer = Answer<Numbers>;

/** Who asks for a summary, and how much of it there is for them. */
export type SummaryAsker = { readonly reader: Reader; readonly priority: Priority };

/** Answers a summary, from the cache where that is right, by longer buckets where load leaves no more. */
export async function answerSummary(
  resources: Resources,
  tenant: TenantRef,
  query: SummaryQuery,
  { reader, priority }: SummaryAsker,
): Promise<SummaryAnswer> {
  const rung = new Rung(resources.load.levelOf(tenant.id), priority);
  const requested = resolveSummary(query, tenant.timeZone, resources.clock());
  const resolved = { ...requested, interval: rung.toInterval(requested.interval) };
  const { range, interval, timeZone, previousRange } = resolved;
  const { groupBy, groupLimit, compare, fresh } = query;
  const asked = {
    kind: 'summary',
    interval,
    timeZone,
    compare,
    groupBy,
    groupLimit: groupBy && groupLimit,
    filters: canonicalFilters(query),
  };
  const { value, seq } = await resources.answers.answer(
    {
      tenantId: tenant.id,
      canonical: { ...asked, range },
      relative: query.last && { ...asked, last: query.last },
      ranges: previousRange === undefined ? [range] : [range, previousRange],
      compute: async () => {
        const plan = cutSummary(resolved);
        return await answerQuestion(resources, tenant, { ...plan, filters: query, cut: toCut(plan) }, (snapshot) =>
          computeNumbers(snapshot, query, plan),
        );
      },
    },
    rung.toReader(fresh === true ? { ...reader, fresh } : reader),
  );
  return { value: rung.mark(value, requested.interval), seq };
}

async function computeNumbers(
  { countCells, typeNames }: Snapshot,
  { groupBy, groupLimit }: SummaryQuery,
  plan: SummaryPlan,
): Promise<{ numbers: Numbers; source: Source }> {
  const groups: GroupChoice | undefined = groupBy && { by: groupBy, limit: groupLimit, typeNames };
  const { chosen, source, ...current } = await summarizeRange(countCells, plan.edges, groups);
  if (plan.previous === undefined) return { numbers: current, source };

  // The groups of the current range first, so that the two can be laid side by side.
  const before = await summarizeRange(countCells, plan.previous.edges, groups && { ...groups, first: chosen }).catch(
    leaveOutForgotten,
  );
  if (before === undefined) return { numbers: current, source };
  const previous = { range: toInstants(plan.previous.range), totals: before.totals, series: before.series };
  return { numbers: { ...current, previous }, source: source === before.source ? source : 'mixed' };
}

/** What retention took of the range before takes nothing from the range that was asked for. */
function leaveOutForgotten(error: unknown): undefined {
  if (error instanceof TidemarkError && error.code === 'beyond_retention') return undefined;
  throw error;
}
