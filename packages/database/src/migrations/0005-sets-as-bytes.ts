import { type Kysely, sql } from 'kysely';

/**
 * The members of a sparse set become bytes, two for each, the higher first: they go to the application as they
 * are, where an array's elements are written one by one, which cost more than all else of reading them. And a set
 * says how many users it holds, so that whoever asks for no more need not read its bits.
 */
export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}

const STATEMENTS = [
  `CREATE FUNCTION user_set_pack(members smallint[]) RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
     SELECT string_agg(int2send(member), ''::bytea ORDER BY member) FROM unnest(members) AS member
   $$`,
  `CREATE FUNCTION user_set_list(members bytea) RETURNS SETOF smallint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
     SELECT (get_byte(members, 2 * place) * 256 + get_byte(members, 2 * place + 1))::smallint
     FROM generate_series(0, length(members) / 2 - 1) AS place
   $$`,
  `CREATE FUNCTION user_set_bits(members bytea) RETURNS bit(8192) LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
     SELECT bit_or(set_bit(B'0'::bit(8192), member, 1)) FROM user_set_list(members) AS member
   $$`,
  ...['hour', 'day'].flatMap((level) => [
    `ALTER TABLE user_sets_${level} ALTER COLUMN members TYPE bytea USING user_set_pack(members)`,
    `ALTER TABLE user_sets_${level} ALTER COLUMN members SET STORAGE PLAIN`,
    `ALTER TABLE user_sets_${level}
       ADD users smallint GENERATED ALWAYS AS (coalesce(bit_count(bits), length(members) / 2)::smallint) STORED`,
  ]),
];
