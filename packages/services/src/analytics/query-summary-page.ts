import type { Bucket, GroupBy, Source, SummaryPage, SummaryPageQuery } from '@tidemark/schemas';
import { canonicalFilters } from '../cache/canonical-filters.ts';
import { toReader } from '../cache/reader.ts';
import { assertScope, type TenantContext } from '../context.ts';
import { refuseCursor } from '../refuse-cursor.ts';
import { Rung } from '../resilience/rung.ts';
import { withReadFaults } from '../with-read-faults.ts';
import { answerQuestion, type Snapshot } from './answer-question.ts';
import { countGroupedTotals } from './count-groups.ts';
import { cutSummary, planRange, type RangePlan } from './plan-summary.ts';
import { countBuckets, toSource } from './summarize-range.ts';
import { decodeSummaryCursor, encodeSummaryCursor, type PinnedPages } from './summary-cursor.ts';

type Numbers = {
  readonly items: Bucket[];
  /** The groups told apart on every page; null where nothing is grouped. */
  readonly keep: readonly number[] | null;
};

/**
 * One page of a summary's series. The first page resolves the range and chooses the groups, those of the
 * whole range at that time; the cursor pins both, so that pages fit together whatever arrives between them.
 */
export async function querySummaryPage(ctx: TenantContext, query: SummaryPageQuery): Promise<SummaryPage> {
  assertScope(ctx, 'analytics:read');
  const { resources, tenant } = ctx;
  const rung = new Rung(resources.load.levelOf(tenant.id), ctx.priority);
  const pinned = query.cursor == null ? undefined : decodeSummaryCursor(query.cursor, tenant.id, query);
  const plan = pinned === undefined ? planRange(query, tenant.timeZone, resources.clock()) : repeatPlan(pinned);
  const { range, interval, timeZone } = plan;
  const { groupBy, groupLimit, limit, fresh = false } = query;
  const { edges } = cutSummary({ ...plan, previousRange: undefined });
  const done = pinned?.done ?? 0;
  const pageEdges = edges.slice(done, done + limit + 1);
  if (pageEdges.length < 2) throw refuseCursor('stands behind the last page: start without one.');

  const compute = () =>
    answerQuestion(resources, tenant, { ...plan, filters: query }, (snapshot) =>
      countPage(snapshot, { edges, pageEdges, groupBy, groupLimit, keep: pinned?.keep }),
    );
  const canonical = {
    kind: 'summaryPage',
    range,
    interval,
    timeZone,
    groupBy,
    groupLimit: groupBy && groupLimit,
    keep: pinned?.keep,
    done,
    limit,
    filters: canonicalFilters(query),
  };
  const { value } = await withReadFaults(() =>
    resources.answers.answer(
      { tenantId: tenant.id, canonical, ranges: [range], compute },
      rung.toReader({ ...toReader(ctx), fresh }),
    ),
  );
  const { items, keep, meta } = rung.mark(value, interval);
  const isLast = done + items.length >= edges.length - 1;
  const next = { range, interval, timeZone, keep: keep && [...keep], done: done + items.length };
  return { items, nextCursor: isLast ? null : encodeSummaryCursor(next, tenant.id, query), meta };
}

/** The same again, with the same refusals. */
function repeatPlan({ range, interval, timeZone }: PinnedPages): RangePlan {
  const [from, to] = [range.from, range.to].map((epochMs) => new Date(epochMs).toISOString()) as [string, string];
  return planRange({ from, to, interval }, timeZone, 0);
}

type Page = {
  readonly edges: readonly number[];
  readonly pageEdges: readonly number[];
  readonly groupBy: GroupBy | undefined;
  readonly groupLimit: number;
  /** Undefined on the first page. */
  readonly keep: readonly number[] | null | undefined;
};

async function countPage(
  { countCells, typeNames }: Snapshot,
  { edges, pageEdges, groupBy, groupLimit, keep: pinned }: Page,
): Promise<{ numbers: Numbers; source: Source }> {
  if (groupBy === undefined) {
    const { series, source } = await countBuckets(countCells, pageEdges);
    return { numbers: { items: series, keep: null }, source };
  }
  const choice = { by: groupBy, limit: groupLimit, typeNames };
  const first =
    pinned == null ? await countGroupedTotals(countCells, [edges[0] ?? 0, edges.at(-1) ?? 0], choice) : undefined;
  const keep = first?.chosen ?? pinned ?? [];
  const { series, source } = await countBuckets(countCells, pageEdges, { ...choice, keep });
  return {
    numbers: { items: series, keep },
    source: toSource(first === undefined ? [source] : [first.source, source]),
  };
}
