import {
  ALL,
  type Cell,
  type CellFilter,
  type CountPieces,
  countEvents,
  countFiltered,
  countUsers,
  DEVICE_CODES,
  findLooseUsers,
  type Grouping,
  type LooseUsers,
  type Piece,
  type TenantTransaction,
  toDeviceCode,
  type UserPieces,
} from '@tidemark/database';
import type { Filters, Source } from '@tidemark/schemas';
import type { Reach } from './reach.ts';

/** Events and users of the buckets between `edges` (epoch ms), by group; absent cells are zero. */
export type Cells = { readonly events: readonly Cell[]; readonly users: readonly Cell[]; readonly source: Source };
export type CountCells = (edges: readonly number[], grouping: Grouping) => Promise<Cells>;

export type CellsOf = {
  readonly transaction: TenantTransaction;
  readonly filters: Filters;
  readonly typeIds: ReadonlyMap<string, number>;
  readonly reach: Reach;
};

/** The way to count that the filters allow: by the rollups, or by the raw rows for a user or a property. */
export function toCountCells(of: CellsOf): CountCells {
  const { userId, properties } = of.filters;
  const needsRaw = userId !== undefined || (properties ?? []).length > 0;
  return needsRaw ? fromRawRows(of) : fromRollups(of);
}

function fromRollups({ transaction, filters, typeIds, reach }: CellsOf): CountCells {
  // A type that no event ever had has no id, and so counts nothing.
  const types = filters.types?.flatMap((type) => typeIds.get(type) ?? []);
  const devices = filters.devices?.map(toDeviceCode);
  const remembered = new WeakMap<readonly number[], Counted>();
  return async (edges, { by, keep }) => {
    const filter: CellFilter = {
      typeIds: types ?? (by === 'type' ? [...typeIds.values()] : null),
      devices: devices ?? (by === 'device' ? DEVICE_CODES : null),
    };
    const pieces = reach.planPieces(edges);
    const grouping = { by, keep };
    const known = by === 'nothing' ? remembered.get(edges) : undefined;
    const { events, loose } = known ?? (await countOnce(transaction, pieces, filter, grouping));
    remembered.set(edges, toUngrouped(events, loose));
    const users = await countUsers(transaction, { pieces: pieces.users, loose }, filter, grouping);
    return { events, users, source: toSource(pieces.counts, pieces.users) };
  };
}

type Pieces = ReturnType<Reach['planPieces']>;
type Counted = { readonly events: readonly Cell[]; readonly loose: readonly LooseUsers[] };

/** Events, and the users that are in no set. Where both are found in the same raw rows, these are read once. */
async function countOnce(
  transaction: TenantTransaction,
  { counts, users }: Pieces,
  filter: CellFilter,
  grouping: Grouping,
): Promise<Counted> {
  const isShared = isSame(counts.raw, users.raw);
  const counted = isShared ? { ...counts, raw: [] } : counts;
  const events = await countEvents(transaction, counted, filter, grouping);
  const loose = await findLooseUsers(transaction, users, { filter, grouping });
  return { events: isShared ? addUp([...events, ...loose.rawEvents]) : events, loose: loose.users };
}

function isSame(pieces: readonly Piece[], others: readonly Piece[]): boolean {
  return (
    pieces.length === others.length &&
    pieces.every(({ bucket, from, to }, place) => {
      const other = others[place];
      return bucket === other?.bucket && from === other.from && to === other.to;
    })
  );
}

/** Each cell once, with the sum of its values. */
function addUp(cells: readonly Cell[]): Cell[] {
  const sums = new Map<string, Cell>();
  for (const { bucket, key, value } of cells) {
    const name = `${bucket}:${key}`;
    sums.set(name, { bucket, key, value: value + (sums.get(name)?.value ?? 0) });
  }
  return [...sums.values()];
}

/** What the groups of some buckets say of the buckets as such: events add up, and users are there whatever their group. */
function toUngrouped(events: readonly Cell[], loose: readonly LooseUsers[]): Counted {
  return {
    events: addUp(events.map((cell) => ({ ...cell, key: ALL }))),
    loose: loose.map((users) => ({ ...users, key: ALL })),
  };
}

function toSource(counts: CountPieces, users: UserPieces): Source {
  if (counts.raw.length + users.raw.length === 0) return 'rollup';
  const fromRollups = [counts.day, counts.quarter, users.day, users.hour];
  return fromRollups.every((pieces) => pieces.length === 0) ? 'raw' : 'mixed';
}

function fromRawRows({ transaction, filters, reach }: CellsOf): CountCells {
  return async (edges, grouping) => {
    reach.assertRaw({ from: edges[0] ?? 0, to: edges.at(-1) ?? 0 });
    const cells = await countFiltered(transaction, edges, filters, grouping);
    return {
      events: cells.map(({ bucket, key, events }) => ({ bucket, key, value: events })),
      users: cells.map(({ bucket, key, users }) => ({ bucket, key, value: users })),
      source: 'raw',
    };
  };
}
