import { type Kysely, sql } from 'kysely';

/** What a tenant keeps for how long is configuration; from when on it has what is its head's, where ingest and answers look. */
export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}

const STATEMENTS = [
  `ALTER TABLE tenants
     ADD raw_days integer CHECK (raw_days > 0),
     ADD rollup_days integer CHECK (rollup_days > 0),
     -- Whether there may be something to delete.
     ADD is_trimming boolean NOT NULL DEFAULT false,
     ADD CHECK (rollup_days IS NULL OR (raw_days IS NOT NULL AND raw_days <= rollup_days))`,
  // Like retention_horizon for the raw rows: what is before it is not to be read, and on its way out.
  'ALTER TABLE tenant_heads ADD rollup_horizon timestamptz',
];
