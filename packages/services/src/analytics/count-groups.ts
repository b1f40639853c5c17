import { DEVICE_CODES, OTHER, toDevice } from '@tidemark/database';
import type { Group, GroupBy, Source } from '@tidemark/schemas';
import { CellTable } from './cell-table.ts';
import type { Cells, CountCells, NextQuestions } from './count-cells.ts';

/** How an answer is grouped. */
export type GroupChoice = {
  readonly by: GroupBy;
  readonly limit: number;
  /** Groups that come before all others, however few events they have. */
  readonly first?: readonly number[];
  readonly typeNames: ReadonlyMap<number, string>;
};

/** A choice that is made. */
export type KeptGroups = GroupChoice & {
  /** The groups told apart; null where all are. */
  readonly keep: readonly number[] | null;
};

/** The groups of a whole range, and which of them are told apart. */
export type GroupedTotals = {
  readonly groups: Group[];
  readonly source: Source;
  /** Told apart: those with the most events, as far as the limit goes. */
  readonly chosen: readonly number[];
  /** The same for counting by, null where nothing is left for `other`. */
  readonly keep: readonly number[] | null;
  /** How many groups there are in all. */
  readonly keys: number;
};

/** Counts the groups of a whole range. Counts a second time only where some of them become `other`. */
export async function countGroupedTotals(
  countCells: CountCells,
  whole: readonly number[],
  choice: GroupChoice,
  next: NextQuestions = {},
): Promise<GroupedTotals> {
  const { by, limit, typeNames, first = [] } = choice;
  // Where groups may become `other` the parts are asked for by fewer of them.
  const isCertain = (by === 'type' ? typeNames.size : DEVICE_CODES.length) <= limit;
  const all = await countCells(whole, { by, keep: null }, isCertain ? next : { ...next, parts: undefined });
  const table = new CellTable(all.events);
  const keys = table.keys(0);
  const rank = (key: number) => ({ key: nameOf(key, by, typeNames), events: table.get(0, key) });
  const ranked = keys.sort((one, other) => byRank(rank(one), rank(other)));
  const wanted = [...new Set([...first, ...ranked])];
  const chosen = wanted.slice(0, limit);
  const keep = chosen.length === wanted.length ? null : chosen;
  const counted = keep === null ? all : await countCells(whole, { by, keep });
  const [groups = []] = toGroups(counted, 1, choice);
  return { groups, source: counted.source, chosen, keep, keys: keys.length };
}

/** The groups of each bucket between `edges`, most events first; those not kept are one, the last. */
export async function countGroups(
  countCells: CountCells,
  edges: readonly number[],
  choice: KeptGroups,
): Promise<{ groups: Group[][]; source: Source }> {
  const { by, keep } = choice;
  // The buckets as such are asked for next. Where groups become `other` they are better alone: theirs are lone sets.
  const counted = await countCells(edges, { by, keep }, { withAll: keep === null });
  return { groups: toGroups(counted, edges.length - 1, choice), source: counted.source };
}

function toGroups(counted: Cells, buckets: number, choice: GroupChoice): Group[][] {
  const events = new CellTable(counted.events);
  const users = new CellTable(counted.users);
  return Array.from({ length: buckets }, (_, bucket) =>
    events
      .keys(bucket)
      .map((key) => toGroup(key, events.get(bucket, key), users.get(bucket, key), choice))
      .sort(byRank),
  );
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
