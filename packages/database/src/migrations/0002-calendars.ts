import { type Kysely, sql } from 'kysely';

/**
 * The calendar of a tenant's rollups moves to its head: who holds the head's lock, or a snapshot, knows which
 * zone the rows of days are of, also while the zone changes.
 */
export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}

const STATEMENTS = [
  `ALTER TABLE tenant_heads
     ADD time_zone text NOT NULL DEFAULT 'UTC',
     -- Rows of days are whole, and of this zone, from this day on; null: all are.
     ADD days_from date,
     -- The grain of user_sets_hour: 60, or 15 where the zone is off the whole hour …
     ADD set_minutes smallint NOT NULL DEFAULT 60 CHECK (set_minutes IN (15, 60)),
     -- … from this instant on, and 60 before it; null: everywhere.
     ADD quarter_sets_from timestamptz`,
  // The owner obeys row-level security too, unless it is told not to for a moment.
  'ALTER TABLE tenant_heads NO FORCE ROW LEVEL SECURITY',
  `UPDATE tenant_heads SET time_zone = tenants.time_zone, set_minutes = tenants.set_minutes
   FROM tenants WHERE tenants.id = tenant_heads.tenant_id`,
  'ALTER TABLE tenant_heads FORCE ROW LEVEL SECURITY',
  'ALTER TABLE tenants DROP set_minutes, ADD is_rebuilding boolean NOT NULL DEFAULT false',
];
