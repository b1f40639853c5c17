import { type Cell, countFiltered, type Grouping, type TenantTransaction } from '@tidemark/database';
import type { Filters, Source } from '@tidemark/schemas';
import type { Reach } from './reach.ts';
import { RollupCells } from './rollup-cells.ts';

/** Events and users of the buckets between `edges` (epoch ms), by group; absent cells are zero. */
export type Cells = { readonly events: readonly Cell[]; readonly users: readonly Cell[]; readonly source: Source };
export type CountCells = (edges: readonly number[], grouping: Grouping, next?: NextQuestions) => Promise<Cells>;

/** What will be asked next, so that it can be counted along. */
export type NextQuestions = {
  /** Whether the same buckets are, ungrouped. */
  readonly withAll?: boolean;
  /** The buckets that make up the one asked for, by the same groups, all of them told apart. */
  readonly parts?: readonly number[] | undefined;
};

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
  return needsRaw ? fromRawRows(of) : new RollupCells(of).countCells;
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
