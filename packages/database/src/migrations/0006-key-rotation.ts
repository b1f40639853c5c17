import { type Kysely, sql } from 'kysely';

/** A rotated key answers to its secret before for a while; and keys say when they were used last. */
export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}

const STATEMENTS = [
  `ALTER TABLE api_keys
     ADD previous_hash bytea UNIQUE,
     ADD previous_ends_at timestamptz,
     -- To the minute: see key-uses.ts.
     ADD last_used_at timestamptz,
     ADD CHECK ((previous_hash IS NULL) = (previous_ends_at IS NULL))`,
  'CREATE INDEX sessions_of_key ON sessions (key_id)',
];
