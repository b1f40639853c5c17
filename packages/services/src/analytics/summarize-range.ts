import { type Grouping, OTHER, toDevice } from '@tidemark/database';
import { type Bucket, type Group, type GroupBy, type Source, type Totals, toInstant } from '@tidemark/schemas';
import { CellTable } from './cell-table.ts';
import type { CountCells } from './count-cells.ts';

/** How an answer is grouped. `keep`: the groups to tell apart, chosen by the range itself when absent. */
export type GroupChoice = {
  readonly by: GroupBy;
  readonly limit: number;
  readonly keep?: readonly number[] | null;
  readonly typeNames: ReadonlyMap<number, string>;
};

/** The numbers of one range. */
export type RangeSummary = {
  readonly totals: Totals;
  readonly series: readonly Bucket[];
  readonly source: Source;
  /** The groups told apart, null when all are. */
  readonly keep: readonly number[] | null;
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
  if (groups === undefined) return { totals, series, source: toSource(sources), keep: null };

  const keep = groups.keep === undefined ? await chooseGroups(countCells, whole, groups) : groups.keep;
  const grouping: Grouping = { by: groups.by, keep };
  const toGroups = (table: { events: CellTable; users: CellTable }, bucket: number): Group[] =>
    table.events
      .keys(bucket)
      .map((key) => toGroup(key, table.events.get(bucket, key), table.users.get(bucket, key), groups))
      .sort(byRank);
  const ofTotal = await countCells(whole, grouping);
  const ofBuckets = await countCells(edges, grouping);
  const totalTable = { events: new CellTable(ofTotal.events), users: new CellTable(ofTotal.users) };
  const bucketTable = { events: new CellTable(ofBuckets.events), users: new CellTable(ofBuckets.users) };
  return {
    totals: { ...totals, groups: toGroups(totalTable, 0) },
    series: series.map((bucket, index) => ({ ...bucket, groups: toGroups(bucketTable, index) })),
    source: toSource([...sources, ofTotal.source, ofBuckets.source]),
    keep,
  };
}

/** The groups with the most events, or null where all fit the limit. */
async function chooseGroups(
  countCells: CountCells,
  whole: readonly number[],
  { by, limit, typeNames }: GroupChoice,
): Promise<readonly number[] | null> {
  const table = new CellTable((await countCells(whole, { by, keep: null })).events);
  const keys = table.keys(0);
  if (keys.length <= limit) return null;
  const rank = (key: number) => ({ key: nameOf(key, by, typeNames), events: table.get(0, key) });
  return keys.sort((one, other) => byRank(rank(one), rank(other))).slice(0, limit);
}

function toGroup(key: number, events: number, users: number, { by, typeNames }: GroupChoice): Group {
  if (key === OTHER) return { key: 'other', events, users, isOther: true };
  return { key: nameOf(key, by, typeNames), events, users };
}

function nameOf(key: number, by: GroupBy, typeNames: ReadonlyMap<number, string>): string | null {
  if (by === 'device') return toDevice(key);
  return typeNames.get(key) ?? null;
}

/** Most events first, then by name, the rest last. */
function byRank(one: Pick<Group, 'key' | 'events' | 'isOther'>, other: Pick<Group, 'key' | 'events' | 'isOther'>) {
  if (one.isOther !== other.isOther) return one.isOther ? 1 : -1;
  return other.events - one.events || ((one.key ?? '') < (other.key ?? '') ? -1 : 1);
}

function bucketsOf(edges: readonly number[]): [start: string, end: string][] {
  const instants = edges.map(toInstant);
  return instants.slice(1).map((end, index) => [instants[index] ?? end, end]);
}

function toSource(sources: readonly Source[]): Source {
  const [first = 'rollup'] = sources;
  return sources.every((source) => source === first) ? first : 'mixed';
}
