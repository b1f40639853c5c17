import { Kysely, PostgresDialect, sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import pg from 'pg';
import { surviveItsEnd } from './connect.ts';
import { MIGRATIONS } from './migrations/index.ts';

/** PostgreSQL's own words for "another session made that role first". */
const ROLE_EXISTS = new Set(['42710', '23505']);

/** Held while the role is made; any constant that nobody else uses. */
const ROLE_LOCK = 7_113_052;

/**
 * Brings the database at `url` (its owner's) to the newest schema. Safe to call from several servers at
 * once: the migrator holds an advisory lock and runs everything pending in one transaction, or nothing.
 */
export async function migrateDatabase({ url }: { url: string }): Promise<void> {
  const pool = new pg.Pool({ connectionString: url, max: 2, connectionTimeoutMillis: 5_000 });
  pool.on('error', () => {});
  pool.on('connect', surviveItsEnd);
  await using db = new Kysely<never>({ dialect: new PostgresDialect({ pool }) });
  await db.connection().execute(async (connection) => {
    // One after the other: PostgreSQL fails concurrent grants. The lock goes with the connection.
    await sql`SELECT pg_advisory_lock(${ROLE_LOCK})`.execute(connection);
    await ensureAppRole(connection);
    await sql`SELECT pg_advisory_unlock(${ROLE_LOCK})`.execute(connection);
  });
  const migrator = new Migrator({ db, provider: { getMigrations: async () => ({ ...MIGRATIONS }) } });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
}

/** The services' role owns nothing and bypasses nothing; the owner may become it, and so connects as it. */
async function ensureAppRole(db: Kysely<never>): Promise<void> {
  const { rows } = await sql`SELECT FROM pg_roles WHERE rolname = 'tidemark_app'`.execute(db);
  if (rows.length === 0) {
    try {
      await sql`CREATE ROLE tidemark_app NOLOGIN NOSUPERUSER NOBYPASSRLS`.execute(db);
    } catch (error) {
      if (!(error instanceof pg.DatabaseError && ROLE_EXISTS.has(error.code ?? ''))) throw error;
    }
  }
  // Since PostgreSQL 16 whoever creates a role is a member that may not become it.
  const found = await sql<{ mayBecome: boolean }>`
    SELECT pg_has_role('tidemark_app', CASE WHEN current_setting('server_version_num')::int < 160000
      THEN 'MEMBER' ELSE 'SET' END) AS "mayBecome"`.execute(db);
  if (found.rows[0]?.mayBecome !== true) await sql`GRANT tidemark_app TO CURRENT_USER`.execute(db);
  await sql`GRANT USAGE ON SCHEMA public TO tidemark_app`.execute(db);
}
