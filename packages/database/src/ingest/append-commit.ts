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
