import type { Grouping } from '@tidemark/database';
import { type Bucket, type Source, type Totals, toInstant } from '@tidemark/schemas';
import { CellTable } from './cell-table.ts';
import type { CountCells } from './count-cells.ts';
import { countGroupedTotals, countGroups, type GroupChoice } from './count-groups.ts';

/** The numbers of one range. */
export type RangeSummary = {
  readonly totals: Totals;
  readonly series: Bucket[];
  readonly source: Source;
  /** The groups told apart. */
  readonly chosen: readonly number[];
};

const UNGROUPED: Grouping = { by: 'nothing', keep: null };

/** Counts a range whole and by bucket. Users are united anew for each: never added up. */
export async function summarizeRange(
  countCells: CountCells,
  edges: readonly number[],
  groups: GroupChoice | undefined,
): Promise<RangeSummary> {
  const whole = [edges[0] ?? 0, edges.at(-1) ?? 0];
  const total = await countCells(whole, UNGROUPED);
  const byBucket = await countCells(edges, UNGROUPED);
  const sources = [total.source, byBucket.source];
  const totals: Totals = { events: new CellTable(total.events).get(0), users: new CellTable(total.users).get(0) };
  const events = new CellTable(byBucket.events);
  const users = new CellTable(byBucket.users);
  const series = bucketsOf(edges).map(
    ([start, end], index): Bucket => ({ start, end, events: events.get(index), users: users.get(index) }),
  );
  if (groups === undefined) return { totals, series, source: toSource(sources), chosen: [] };

  const ofTotal = await countGroupedTotals(countCells, whole, groups);
  const ofBuckets = await countGroups(countCells, edges, { ...groups, keep: ofTotal.keep });
  return {
    totals: { ...totals, groups: ofTotal.groups },
    series: series.map((bucket, index) => ({ ...bucket, groups: ofBuckets.groups[index] ?? [] })),
    source: toSource([...sources, ofTotal.source, ofBuckets.source]),
    chosen: ofTotal.chosen,
  };
}

function bucketsOf(edges: readonly number[]): [start: string, end: string][] {
  const instants = edges.map(toInstant);
  return instants.slice(1).map((end, index) => [instants[index] ?? end, end]);
}

function toSource(sources: readonly Source[]): Source {
  const [first = 'rollup'] = sources;
  return sources.every((source) => source === first) ? first : 'mixed';
}
