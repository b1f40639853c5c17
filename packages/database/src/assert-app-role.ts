import { sql } from 'kysely';
import type { Database } from './connect.ts';

/** Refuses to serve when the pools' role could see past row-level security. */
export async function assertAppRole({ directory }: Pick<Database, 'directory'>): Promise<void> {
  const { rows } = await sql<{ role: string; bypasses: boolean; owns: boolean }>`
    SELECT rolname AS role, rolsuper OR rolbypassrls AS bypasses,
      EXISTS (SELECT FROM pg_class WHERE relowner = pg_roles.oid) AS owns
    FROM pg_roles WHERE rolname = current_user`.execute(directory);
  const found = rows[0];
  if (found?.role !== 'tidemark_app' || found.bypasses || found.owns) {
    throw new Error(
      `The services must run as tidemark_app, which owns nothing and bypasses nothing, but run as ${JSON.stringify(found)}.`,
    );
  }
}
