import { sql } from 'kysely';
import { instant } from '../instant.ts';
import type { TenantTransaction } from '../with-tenant.ts';
import type { ExpectedHead } from './lock-head.ts';

/**
 * Fails the transaction, with SQLSTATE 22012, unless the head that it has locked is as told: so what was worked out on a
 * guess of the head can be sent right behind the lock, COMMIT included, and comes to nothing where the guess was wrong.
 */
export async function assertHead({ db, tenantId }: TenantTransaction, head: ExpectedHead): Promise<void> {
  const { timeZone, daysFrom, setMinutes, quarterSetsFrom } = head.calendar;
  // PostgreSQL has no statement that raises an error: a division by zero does, and is the same on every worker of Citus.
  await sql`
    SELECT 1 / count(*)::int FROM tenant_heads
    WHERE tenant_id = ${tenantId} AND seq = ${head.seq}
      AND next_ordinal = ${head.nextOrdinal} AND users_epoch = ${head.usersEpoch}
      AND retention_horizon IS NOT DISTINCT FROM ${optionalInstant(head.retentionHorizon)}
      AND time_zone = ${timeZone} AND days_from IS NOT DISTINCT FROM ${daysFrom}::date
      AND set_minutes = ${setMinutes} AND quarter_sets_from IS NOT DISTINCT FROM ${optionalInstant(quarterSetsFrom)}`.execute(
    db,
  );
}

function optionalInstant(epochMs: number | null) {
  return epochMs === null ? sql`NULL::timestamptz` : instant(epochMs);
}
