import { type Kysely, sql } from 'kysely';

/**
 * What ingest writes beside the events becomes less. A row of the user log holds all users of a commit's
 * quarter-hour, type and device: a tenth of the rows to write, index, read and delete. Arrays that live for
 * seconds, or hold random ids, are not compressed. A user's ordinal can be remembered by servers.
 */
export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}

const STATEMENTS = [
  'ALTER TABLE user_log RENAME TO user_log_single',
  'ALTER INDEX user_log_pkey RENAME TO user_log_single_pkey',
  `CREATE TABLE user_log (
     tenant_id uuid NOT NULL,
     seq bigint NOT NULL,
     quarter timestamptz NOT NULL,
     type_id smallint NOT NULL,
     device smallint NOT NULL,
     -- Distinct.
     ordinals integer[] NOT NULL,
     PRIMARY KEY (tenant_id, seq, quarter, type_id, device)
   )`,
  'ALTER TABLE user_log ALTER COLUMN ordinals SET STORAGE EXTERNAL',
  // The owner obeys row-level security too, unless it is told not to for a moment.
  'ALTER TABLE user_log_single NO FORCE ROW LEVEL SECURITY',
  `INSERT INTO user_log (tenant_id, seq, quarter, type_id, device, ordinals)
   SELECT tenant_id, seq, quarter, type_id, device, array_agg(ordinal)
   FROM user_log_single GROUP BY tenant_id, seq, quarter, type_id, device`,
  'DROP TABLE user_log_single',
  'ALTER TABLE user_log ENABLE ROW LEVEL SECURITY',
  'ALTER TABLE user_log FORCE ROW LEVEL SECURITY',
  `CREATE POLICY own_tenant ON user_log
     USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)`,
  'GRANT SELECT, INSERT, UPDATE, DELETE ON user_log TO tidemark_app',
  'ALTER TABLE commits ALTER COLUMN ids SET STORAGE EXTERNAL, ALTER COLUMN occurred_at SET STORAGE EXTERNAL',
  // Ordinals that a server remembers hold while this is what it was: whoever deletes a user adds one to it.
  'ALTER TABLE tenant_heads ADD users_epoch integer NOT NULL DEFAULT 0',
  // What the fold writes is united before it is sent.
  'DROP FUNCTION user_set_members(smallint[], smallint[])',
];
