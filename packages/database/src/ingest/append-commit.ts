import { sql } from 'kysely';
import { uuids } from '../binary-array.ts';
import { instant } from '../instant.ts';
import type { TenantTransaction } from '../with-tenant.ts';
import type { EncodedKeys } from './insert-events.ts';

/** What one commit stored: the keys of its new events in one order, and the UTC days they fall on. */
export type CommitRecord = {
  readonly seq: number;
  readonly committedAt: number;
  readonly keys: EncodedKeys;
  readonly days: readonly string[];
};

/** Writes the outbox row of a commit: what streams resume from and what other servers must hear. */
export async function appendCommit({ db, tenantId }: TenantTransaction, commit: CommitRecord): Promise<void> {
  await sql`
    INSERT INTO commits (tenant_id, seq, committed_at, occurred_at, ids, days)
    VALUES (${tenantId}, ${commit.seq}, ${instant(commit.committedAt)},
      ${commit.keys.occurredAt}, ${commit.keys.id},
      ${[...commit.days]}::date[])`.execute(db);
}

/**
 * Whether a commit whose answer was lost did happen. To be asked under the head's lock: what became of the
 * earlier transaction is decided then. Its place alone would not do, since a rollback gives that to the next.
 */
export async function hasCommit(
  { db, tenantId }: TenantTransaction,
  { seq, committedAt, ids }: { readonly seq: number; readonly committedAt: number; readonly ids: readonly string[] },
): Promise<boolean> {
  const { rows } = await sql`
    SELECT FROM commits
    WHERE tenant_id = ${tenantId} AND seq = ${seq} AND committed_at = ${instant(committedAt)}
      AND ids = ${uuids(ids)}`.execute(db);
  return rows.length === 1;
}
