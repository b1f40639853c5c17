import { OTHER, toDevice } from '@tidemark/database';
import type { Group, GroupBy, Source } from '@tidemark/schemas';
import { CellTable } from './cell-table.ts';
import type { CountCells } from './count-cells.ts';

/** How an answer is grouped. */
export type GroupChoice = {
  readonly by: GroupBy;
  readonly limit: number;
  /** Groups that come before all others, however few events they have. */
  readonly first?: readonly number[];
  readonly typeNames: ReadonlyMap<number, string>;
};

/** Which groups are told apart: those with the most events, as far as the limit goes. */
export async function chooseGroups(
  countCells: CountCells,
  whole: readonly number[],
  { by, limit, typeNames, first = [] }: GroupChoice,
): Promise<{ chosen: readonly number[]; keep: readonly number[] | null; keys: number }> {
  const table = new CellTable((await countCells(whole, { by, keep: null })).events);
  const keys = table.keys(0);
  const rank = (key: number) => ({ key: nameOf(key, by, typeNames), events: table.get(0, key) });
  const ranked = keys.sort((one, other) => byRank(rank(one), rank(other)));
  const wanted = [...new Set([...first, ...ranked])];
  const chosen = wanted.slice(0, limit);
  return { chosen, keep: chosen.length === wanted.length ? null : chosen, keys: keys.length };
}

/** The groups of each bucket between `edges`, most events first; those not kept are one, the last. */
export async function countGroups(
  countCells: CountCells,
  edges: readonly number[],
  choice: GroupChoice & { readonly keep: readonly number[] | null },
): Promise<{ groups: Group[][]; source: Source }> {
  const counted = await countCells(edges, { by: choice.by, keep: choice.keep });
  const events = new CellTable(counted.events);
  const users = new CellTable(counted.users);
  const groups = edges.slice(1).map((_edge, bucket) =>
    events
      .keys(bucket)
      .map((key) => toGroup(key, events.get(bucket, key), users.get(bucket, key), choice))
      .sort(byRank),
  );
  return { groups, source: counted.source };
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
