import { type RawBuilder, sql } from 'kysely';
import { CHUNK_SIZE } from '../rollups/merge-user-sets.ts';

/** Whether the set of a row, which must be of the user's chunk, holds them. */
export function hasMember(ordinal: number): RawBuilder<boolean> {
  const position = sql.lit(ordinal % CHUNK_SIZE);
  return sql`(coalesce(${position}::smallint = ANY(members), false) OR coalesce(get_bit(bits, ${position}) = 1, false))`;
}

/** What a row's set is without the user, as assignments. */
export function withoutMember(ordinal: number): RawBuilder<unknown> {
  const position = sql.lit(ordinal % CHUNK_SIZE);
  return sql`members = array_remove(members, ${position}::smallint), bits = set_bit(bits, ${position}, 0)`;
}

/** Whether nobody is left in a row's set. */
export const IS_EMPTY_SET = sql<boolean>`(coalesce(cardinality(members), bit_count(bits)) = 0)`;
