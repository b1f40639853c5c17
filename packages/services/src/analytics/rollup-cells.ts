import {
  ALL,
  ANY,
  type Cell,
  type CellFilter,
  type CountPieces,
  countEvents,
  countUsers,
  DEVICE_CODES,
  findLooseUsers,
  type Grouping,
  type LooseUsers,
  type Piece,
  type SetKinds,
  type TenantTransaction,
  toDeviceCode,
  type UserPieces,
} from '@tidemark/database';
import type { Source } from '@tidemark/schemas';
import type { CellsOf, CountCells } from './count-cells.ts';
import type { Reach } from './reach.ts';

/** The events of some buckets by group, and the users that are in no set. */
type Found = { readonly grouping: Grouping; readonly events: readonly Cell[]; readonly loose: readonly LooseUsers[] };

/** Counts from the rollups, in one snapshot. What was read for one question is not read again for the next. */
export class RollupCells {
  readonly #transaction: TenantTransaction;
  readonly #reach: Reach;
  readonly #filter: CellFilter;
  readonly #typeIds: readonly number[];
  readonly #found = new WeakMap<readonly number[], Found>();
  readonly #usersOfAll = new WeakMap<readonly number[], readonly Cell[]>();

  constructor({ transaction, filters, typeIds, reach }: CellsOf) {
    this.#transaction = transaction;
    this.#reach = reach;
    this.#typeIds = [...typeIds.values()];
    this.#filter = {
      // A type that no event ever had has no id, and so counts nothing.
      typeIds: filters.types?.flatMap((type) => typeIds.get(type) ?? []) ?? null,
      devices: filters.devices?.map(toDeviceCode) ?? null,
    };
  }

  readonly countCells: CountCells = async (edges, grouping, { withAll = false, parts } = {}) => {
    const pieces = this.#reach.planPieces(edges);
    const { events, loose } = await this.#find(edges, grouping, parts);
    const cells = { events, source: toSource(pieces.counts, pieces.users) };
    const known = grouping.by === 'nothing' ? this.#usersOfAll.get(edges) : undefined;
    if (known !== undefined) return { ...cells, users: known };

    const kinds = this.#kindsOf(grouping);
    const kindsOfAll = withAll ? this.#withAll(kinds, grouping) : undefined;
    if (kindsOfAll === undefined) {
      const users = await countUsers(this.#transaction, { pieces: pieces.users, loose }, { kinds, grouping });
      return { ...cells, users };
    }
    const counted = await countUsers(
      this.#transaction,
      { pieces: pieces.users, loose: [...loose, ...loose.map(toAll)] },
      { kinds: kindsOfAll, grouping },
    );
    const { all = [], groups = [] } = Object.groupBy(counted, ({ key }) => (key === ALL ? 'all' : 'groups'));
    this.#usersOfAll.set(edges, all);
    return { ...cells, users: groups };
  };

  /** The coarsest sets that tell apart every filtered or grouped dimension. */
  #kindsOf({ by }: Grouping): SetKinds {
    const { typeIds, devices } = this.#filter;
    return {
      typeIds: typeIds ?? (by === 'type' ? this.#typeIds : [ANY]),
      devices: devices ?? (by === 'device' ? DEVICE_CODES : [ANY]),
    };
  }

  /** The same and those of all groups; undefined where none are: with a filter on what is grouped by. */
  #withAll({ typeIds, devices }: SetKinds, { by }: Grouping): SetKinds | undefined {
    if (by === 'type' && this.#filter.typeIds === null) return { typeIds: [ANY, ...typeIds], devices };
    if (by === 'device' && this.#filter.devices === null) return { typeIds, devices: [ANY, ...devices] };
    return undefined;
  }

  /** Events and loose users of the buckets, of which `parts` are the next ones asked for. */
  async #find(edges: readonly number[], grouping: Grouping, parts?: readonly number[]): Promise<Found> {
    const known = this.#found.get(edges);
    if (known !== undefined && grouping.by === 'nothing') return toUngrouped(known);
    if (known !== undefined && isSameGrouping(known.grouping, grouping)) return known;
    const found = parts === undefined ? await this.#read(edges, grouping) : await this.#addUp(edges, grouping, parts);
    this.#found.set(edges, found);
    return found;
  }

  async #read(edges: readonly number[], grouping: Grouping): Promise<Found> {
    const { counts, users } = this.#reach.planPieces(edges);
    // Where both are found in the same raw rows, these are read once.
    const isShared = isSame(counts.raw, users.raw);
    const counted = isShared ? { ...counts, raw: [] } : counts;
    const [events, loose] = await Promise.all([
      countEvents(this.#transaction, counted, this.#filter, grouping),
      findLooseUsers(this.#transaction, users, { filter: this.#filter, grouping }),
    ]);
    return { grouping, events: isShared ? addUp([...events, ...loose.rawEvents]) : events, loose: loose.users };
  }

  /** One bucket from its parts. */
  async #addUp(edges: readonly number[], grouping: Grouping, parts: readonly number[]): Promise<Found> {
    const { events, loose } = await this.#find(parts, grouping);
    // Parts may have edges that no set meets, and so raw users whom the whole finds in its sets.
    const isSameLog = this.#reach.planPieces(parts).users.raw.length === 0;
    const choice = { filter: this.#filter, grouping };
    const { users } = this.#reach.planPieces(edges);
    return {
      grouping,
      events: addUp(events.map(toWhole)),
      loose: isSameLog ? loose.map(toWhole) : (await findLooseUsers(this.#transaction, users, choice)).users,
    };
  }
}

/** What the groups of some buckets say of the buckets as such: events add up, and users are there whatever their group. */
function toUngrouped({ events, loose }: Found): Found {
  return {
    grouping: { by: 'nothing', keep: null },
    events: addUp(events.map(toAll)),
    loose: loose.map(toAll),
  };
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

function toWhole<Placed extends { readonly bucket: number }>(placed: Placed): Placed {
  return { ...placed, bucket: 0 };
}

function toAll<Placed extends { readonly key: number }>(placed: Placed): Placed {
  return { ...placed, key: ALL };
}

function isSameGrouping(one: Grouping, other: Grouping): boolean {
  return one.by === other.by && one.keep === null && other.keep === null;
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

function toSource(counts: CountPieces, users: UserPieces): Source {
  if (counts.raw.length + users.raw.length === 0) return 'rollup';
  const fromRollups = [counts.day, counts.quarter, users.day, users.hour];
  return fromRollups.every((pieces) => pieces.length === 0) ? 'raw' : 'mixed';
}
