import { type RawBuilder, sql } from 'kysely';
import { CHUNK_SIZE } from '../rollups/merge-user-sets.ts';

/** Whether the set of a row, which must be of the user's chunk, holds them. */
export function hasMember(ordinal: number): RawBuilder<boolean> {
  const position = sql.lit(ordinal % CHUNK_SIZE);
  // The bytes may also stand across two members: where they stand at all, the members are looked at one by one.
  return sql`(coalesce(get_bit(bits, ${position}) = 1, false)
    OR coalesce(position(int2send(${position}::smallint) IN members) > 0, false)
      AND ${position}::smallint IN (SELECT user_set_list(members)))`;
}

/** What a row's set is without the user, as assignments. */
export function withoutMember(ordinal: number): RawBuilder<unknown> {
  const position = sql.lit(ordinal % CHUNK_SIZE);
  return sql`bits = set_bit(bits, ${position}, 0), members = CASE WHEN members IS NOT NULL THEN coalesce((
    SELECT string_agg(int2send(member), ''::bytea ORDER BY member)
    FROM user_set_list(members) AS member WHERE member <> ${position}::smallint), ''::bytea) END`;
}

/** Whether nobody is left in a row's set. */
export const IS_EMPTY_SET = sql<boolean>`(coalesce(length(members), bit_count(bits)) = 0)`;
