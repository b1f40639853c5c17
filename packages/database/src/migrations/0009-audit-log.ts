import { type Kysely, sql } from 'kysely';

/** Who changed what. What concerns no tenant is of the tenant 00000000-0000-0000-0000-000000000000. */
export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}

const STATEMENTS = [
  `CREATE TABLE audit_log (
     tenant_id uuid NOT NULL,
     -- Version 7: in the order of time.
     id uuid NOT NULL,
     done_at timestamptz NOT NULL,
     key_id uuid NOT NULL,
     session_id uuid,
     key_name text NOT NULL,
     role text NOT NULL,
     action text NOT NULL,
     target text,
     evidence jsonb NOT NULL,
     request_id text NOT NULL,
     PRIMARY KEY (tenant_id, id)
   )`,
  'ALTER TABLE audit_log ENABLE ROW LEVEL SECURITY',
  'ALTER TABLE audit_log FORCE ROW LEVEL SECURITY',
  `CREATE POLICY own_tenant ON audit_log USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)`,
  // Nobody rewrites what was done; deleted is what is too old.
  'GRANT SELECT, INSERT, DELETE ON audit_log TO tidemark_app',
];
