import type { Grouping } from '@tidemark/database';
import { type Bucket, type Source, type Totals, toInstant } from '@tidemark/schemas';
import { CellTable } from './cell-table.ts';
import type { CountCells } from './count-cells.ts';
import { countGroupedTotals, countGroups, type GroupChoice, type KeptGroups } from './count-groups.ts';

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
  // Groups first, here and below: what they add up to need not be counted once more.
  const ofTotal = groups && (await countGroupedTotals(countCells, whole, groups, { withAll: true, parts: edges }));
  const total = await countCells(whole, UNGROUPED, { parts: edges });
  const totals: Totals = { events: new CellTable(total.events).get(0), users: new CellTable(total.users).get(0) };
  if (groups === undefined || ofTotal === undefined) {
    const { series, source } = await countBuckets(countCells, edges);
    return { totals, series, source: toSource([total.source, source]), chosen: [] };
  }
  const { series, source } = await countBuckets(countCells, edges, { ...groups, keep: ofTotal.keep });
  return {
    totals: { ...totals, groups: ofTotal.groups },
    series,
    source: toSource([total.source, ofTotal.source, source]),
    chosen: ofTotal.chosen,
  };
}

/** Counts the buckets between `edges`, and their groups where they are chosen already. */
export async function countBuckets(
  countCells: CountCells,
  edges: readonly number[],
  groups?: KeptGroups,
): Promise<Pick<RangeSummary, 'series' | 'source'>> {
  const grouped = groups && (await countGroups(countCells, edges, groups));
  const counted = await countCells(edges, UNGROUPED);
  const events = new CellTable(counted.events);
  const users = new CellTable(counted.users);
  const series = bucketsOf(edges).map(
    ([start, end], index): Bucket => ({ start, end, events: events.get(index), users: users.get(index) }),
  );
  if (grouped === undefined) return { series, source: counted.source };
  return {
    series: series.map((bucket, index) => ({ ...bucket, groups: grouped.groups[index] ?? [] })),
    source: toSource([counted.source, grouped.source]),
  };
}

function bucketsOf(edges: readonly number[]): [start: string, end: string][] {
  const instants = edges.map(toInstant);
  return instants.slice(1).map((end, index) => [instants[index] ?? end, end]);
}

export function toSource(sources: readonly Source[]): Source {
  const [first = 'rollup'] = sources;
  return sources.every((source) => source === first) ? first : 'mixed';
}
