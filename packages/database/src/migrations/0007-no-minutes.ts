import { type Kysely, sql } from 'kysely';

/**
 * Counts by the minute go: whoever asks by the minute asks for users too, who come from the raw rows, and the
 * counts with them. For a tenant with few events per minute, type and device they were the largest rollup.
 */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`DROP TABLE event_counts_minute`.execute(db);
}
