import { type RawBuilder, sql } from 'kysely';
import { ANY } from '../device-codes.ts';

/** Which cells count: null means all. Type ids and device codes as stored. */
export type CellFilter = {
  readonly typeIds: readonly number[] | null;
  readonly devices: readonly number[] | null;
};

/** How cells are told apart. With `keep`, the keys beyond it become OTHER. */
export type Grouping = {
  readonly by: 'nothing' | 'type' | 'device';
  readonly keep: readonly number[] | null;
};

/** The key of all groups beyond the limit. */
export const OTHER = -2;
/** The key of everything, whatever its group: what a set over all types, or devices, has in its place. */
export const ALL = ANY;

/** One number of an answer: a bucket's, and a group's within it. */
export type Cell = { readonly bucket: number; readonly key: number; readonly value: number };

/** The columns that hold type and device. */
export type CellColumns = { readonly typeId: string; readonly device: string };

/** The columns of a table, or a FROM item, that has type_id and device. */
export function cellColumns(alias: string): CellColumns {
  return { typeId: `${alias}.type_id`, device: `${alias}.device` };
}

/** The group's key as an expression. */
export function groupKey({ by, keep }: Grouping, columns: CellColumns): RawBuilder<number> {
  if (by === 'nothing') return sql<number>`${sql.lit(ALL)}`;
  const column = sql.ref(by === 'type' ? columns.typeId : columns.device);
  if (keep === null) return sql<number>`${column}`;
  return sql<number>`CASE WHEN ${column} = ANY(${keep}::smallint[]) THEN ${column} ELSE ${sql.lit(OTHER)} END`;
}

/** The filter as conditions. */
export function cellFilter({ typeIds, devices }: CellFilter, columns: CellColumns): RawBuilder<unknown> {
  const conditions = [sql`true`];
  if (typeIds !== null) conditions.push(sql`${sql.ref(columns.typeId)} = ANY(${typeIds}::smallint[])`);
  if (devices !== null) conditions.push(sql`${sql.ref(columns.device)} = ANY(${devices}::smallint[])`);
  return sql.join(conditions, sql` AND `);
}
