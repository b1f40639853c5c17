import { type Kysely, sql } from 'kysely';

/** The budgets that a tenant has instead of the servers' own, by class of calls. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`ALTER TABLE tenants ADD limits jsonb NOT NULL DEFAULT '{}'`.execute(db);
}
