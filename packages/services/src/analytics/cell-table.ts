import { ALL, type Cell } from '@tidemark/database';

/** Cells by bucket and key; what is absent is zero. */
export class CellTable {
  readonly #cells = new Map<number, Map<number, number>>();

  constructor(cells: readonly Cell[]) {
    for (const { bucket, key, value } of cells) {
      const row = this.#cells.get(bucket);
      if (row === undefined) this.#cells.set(bucket, new Map([[key, value]]));
      else row.set(key, value);
    }
  }

  /** One value; without a key, the ungrouped one. */
  get(bucket: number, key: number = ALL): number {
    return this.#cells.get(bucket)?.get(key) ?? 0;
  }

  /** The keys of a bucket. */
  keys(bucket: number): number[] {
    return [...(this.#cells.get(bucket)?.keys() ?? [])];
  }

  /** All keys of a bucket added up: right for events, wrong for users. */
  sum(bucket: number): number {
    return (this.#cells.get(bucket)?.values() ?? [].values()).reduce((total, value) => total + value, 0);
  }
}
