import { breakDownEvents, type RawDimension } from '@tidemark/database';
import type { Breakdown, BreakdownBy, BreakdownQuery, BreakdownRow, Source } from '@tidemark/schemas';
import { canonicalFilters } from '../cache/canonical-filters.ts';
import { toReader } from '../cache/reader.ts';
import { assertScope, type TenantContext } from '../context.ts';
import { Rung } from '../resilience/rung.ts';
import { withReadFaults } from '../with-read-faults.ts';
import { answerQuestion, type Snapshot } from './answer-question.ts';
import { countGroupedTotals } from './count-groups.ts';
import { planRange } from './plan-summary.ts';

type Numbers = Omit<Breakdown, 'meta'>;
type Counted = Omit<BreakdownRow, 'share'>;

/** Events and exact distinct users by the values of a dimension, from the rollups for types and devices. */
export async function queryBreakdown(ctx: TenantContext, input: BreakdownQuery): Promise<Breakdown> {
  assertScope(ctx, 'analytics:read');
  const { resources, tenant } = ctx;
  const rung = new Rung(resources.load.levelOf(tenant.id), ctx.priority);
  const plan = planRange({ ...input, interval: 'auto' }, tenant.timeZone, resources.clock());
  const { range, timeZone } = plan;
  const { by, limit, fresh = false } = input;
  const compute = () =>
    answerQuestion(resources, tenant, { ...plan, filters: input }, async (snapshot) => {
      const whole = [range.from, range.to] as const;
      return by === 'type' || by === 'device'
        ? await fromGroups(snapshot, whole, by, limit)
        : await fromRawRows(snapshot, whole, input);
    });
  const asked = { kind: 'breakdown', timeZone, by, limit, filters: canonicalFilters(input) };
  const canonical = { ...asked, range };
  const relative = input.last && { ...asked, last: input.last };
  const { value } = await withReadFaults(() =>
    resources.answers.answer(
      { tenantId: tenant.id, canonical, relative, ranges: [range], compute },
      rung.toReader({ ...toReader(ctx), fresh }),
    ),
  );
  return rung.mark(value, plan.interval);
}

async function fromGroups(
  { countCells, typeNames }: Snapshot,
  whole: readonly [from: number, to: number],
  by: 'type' | 'device',
  limit: number,
): Promise<{ numbers: Numbers; source: Source }> {
  const { groups, source, keys } = await countGroupedTotals(countCells, whole, { by, limit, typeNames });
  const rows = groups.filter(({ isOther }) => isOther !== true);
  const rest = groups.find(({ isOther }) => isOther === true);
  const other = { events: rest?.events ?? 0, users: rest?.users ?? 0, keys: keys - rows.length };
  return { numbers: toNumbers(rows, other), source };
}

async function fromRawRows(
  { transaction, reach }: Snapshot,
  [from, to]: readonly [from: number, to: number],
  query: BreakdownQuery,
): Promise<{ numbers: Numbers; source: Source }> {
  reach.assertRaw({ from, to });
  const { limit } = query;
  const cells = await breakDownEvents(transaction, {
    range: { from, to },
    filters: query,
    by: toRawDimension(query.by),
    limit,
  });
  const rows = cells.filter(({ isOther }) => !isOther).map(({ key, events, users }) => ({ key, events, users }));
  const { events = 0, users = 0, keys = 0 } = cells.find(({ isOther }) => isOther) ?? {};
  return { numbers: toNumbers(rows, { events, users, keys }), source: 'raw' };
}

function toRawDimension(by: BreakdownBy): RawDimension {
  return by === 'user' ? 'user' : { path: by.slice('property:'.length).split('.') };
}

function toNumbers(rows: readonly Counted[], other: Numbers['other']): Numbers {
  const total = rows.reduce((sum, { events }) => sum + events, other.events);
  return { rows: rows.map(({ key, events, users }) => ({ key, events, users, share: events / total })), other };
}
