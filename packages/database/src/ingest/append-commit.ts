import { sql } from 'kysely';
import { instant } from '../instant.ts';
import type { TenantTransaction } from '../with-tenant.ts';

/** What one commit stored: the keys of its new events in one order, and the UTC days they fall on. */
export type CommitRecord = {
  readonly seq: number;
  readonly committedAt: number;
  readonly keys: readonly { readonly id: string; readonly occurredAt: number }[];
  readonly days: readonly string[];
};

/** Writes the outbox row of a commit: what streams resume from and what other servers must hear. */
export async function appendCommit({ db, tenantId }: TenantTransaction, commit: CommitRecord): Promise<void> {
  await db
    .insertInto('commits')
    .values({
      tenant_id: tenantId,
      seq: commit.seq,
      committed_at: new Date(commit.committedAt).toISOString(),
      occurred_at: commit.keys.map(({ occurredAt }) => new Date(occurredAt).toISOString()),
      ids: commit.keys.map(({ id }) => id),
      days: [...commit.days],
    })
    .execute();
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
      AND ids = ${ids}::uuid[]`.execute(db);
  return rows.length === 1;
}
