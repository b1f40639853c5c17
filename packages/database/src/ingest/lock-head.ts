import { sql } from 'kysely';
import { CALENDAR_COLUMNS, type RollupCalendar, toRollupCalendar } from '../rollups/rollup-calendar.ts';
import type { TenantTransaction } from '../with-tenant.ts';

/** What a commit holds while it runs: the next place in the tenant's one commit order. */
export type Head = {
  readonly seq: number;
  readonly nextOrdinal: number;
  readonly nextTypeId: number;
  /** Grows when a user is deleted: ordinals remembered under another one are void. */
  readonly usersEpoch: number;
  /** Epoch ms; events before it are refused. Null: no horizon yet. */
  readonly retentionHorizon: number | null;
  readonly calendar: RollupCalendar;
};

/** A head as it can be foretold: all that a commit needs which names no new type. */
export type ExpectedHead = Omit<Head, 'nextTypeId'>;

/**
 * Takes the tenant's head, locked to the end of the transaction: commits of a tenant never overlap. What is sent right
 * behind it without waiting sees all that earlier commits did.
 */
export async function lockHead({ db, tenantId }: TenantTransaction): Promise<Head> {
  const row = await db
    .updateTable('tenant_heads')
    .set({ seq: sql`seq + 1` })
    .where('tenant_id', '=', tenantId)
    .returning(['seq', 'next_ordinal', 'next_type_id', 'users_epoch', 'retention_horizon', ...CALENDAR_COLUMNS])
    .executeTakeFirstOrThrow();
  return {
    seq: row.seq,
    nextOrdinal: row.next_ordinal,
    nextTypeId: row.next_type_id,
    usersEpoch: row.users_epoch,
    retentionHorizon: row.retention_horizon,
    calendar: toRollupCalendar(row),
  };
}
