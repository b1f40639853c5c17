import type { Source, Summary, SummaryQuery } from '@tidemark/schemas';
import type { Reader } from '../cache/asked.ts';
import { canonicalFilters } from '../cache/canonical-filters.ts';
import type { TenantRef } from '../context.ts';
import type { Resources } from '../resources.ts';
import { type Answer, answerQuestion, type Snapshot, toInstants } from './answer-question.ts';
import type { GroupChoice } from './count-groups.ts';
import { cutSummary, resolveSummary, type SummaryPlan, toCut } from './plan-summary.ts';
import { summarizeRange } from './summarize-range.ts';

type Numbers = Omit<Summary, 'meta'>;
export type SummaryAnswer = Answer<Numbers>;

/** Answers a summary, from the cache where that is right. */
export async function answerSummary(
  resources: Resources,
  tenant: TenantRef,
  query: SummaryQuery,
  reader: Reader,
): Promise<SummaryAnswer> {
  const resolved = resolveSummary(query, tenant.timeZone, resources.clock());
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
  return await resources.answers.answer(
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
    fresh === true ? { ...reader, fresh } : reader,
  );
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
  const before = await summarizeRange(countCells, plan.previous.edges, groups && { ...groups, first: chosen });
  const previous = { range: toInstants(plan.previous.range), totals: before.totals, series: before.series };
  return { numbers: { ...current, previous }, source: source === before.source ? source : 'mixed' };
}
