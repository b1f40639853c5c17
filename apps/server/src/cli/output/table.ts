/** A cell: a number is written for people in a table and plain in CSV; null is what there is not. */
export type Cell = string | number | null;

/** Rows under named columns: what a table and a CSV are made of. */
export type Table = { readonly columns: readonly string[]; readonly rows: readonly (readonly Cell[])[] };
