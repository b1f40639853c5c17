import { sql } from 'kysely';
import type { Database } from './connect.ts';

/** Resolves when the database answers; throws what kept it from answering. */
export async function pingDatabase({ directory }: Pick<Database, 'directory'>): Promise<void> {
  await sql`SELECT 1`.execute(directory);
}
