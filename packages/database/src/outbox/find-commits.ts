import { takeSnapshot } from '../analytics/snapshot.ts';
import type { TenantTransaction } from '../with-tenant.ts';
import type { CommitPosition } from './read-committed-events.ts';

/** Where the tenant's order of events ends now. */
export type CommitsEnd = {
  /** The last event that was committed; the head's own place where none is kept. */
  readonly position: CommitPosition;
  /** The head: no commit is missing up to it. */
  readonly head: number;
};

export async function findCommitsEnd(transaction: TenantTransaction): Promise<CommitsEnd> {
  const { db, tenantId } = transaction;
  const { seq: head } = await takeSnapshot(transaction);
  const last = await db
    .selectFrom('commits')
    .select(({ fn }) => ['seq', fn<number>('cardinality', ['ids']).as('keys')])
    .where('tenant_id', '=', tenantId)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (last === undefined) return { position: { seq: head, index: 0 }, head };
  return { position: { seq: last.seq, index: Math.max(0, last.keys - 1) }, head };
}

/** The first commit that is still kept; epoch ms. Undefined where there is none. */
export async function findFirstCommit({
  db,
  tenantId,
}: TenantTransaction): Promise<{ seq: number; committedAt: number } | undefined> {
  return await db
    .selectFrom('commits')
    .select(['seq', 'committed_at as committedAt'])
    .where('tenant_id', '=', tenantId)
    .orderBy('seq')
    .limit(1)
    .executeTakeFirst();
}

/** The tenant's last commit: one row, for whoever asks often. */
export async function findHead({ db, tenantId }: TenantTransaction): Promise<number> {
  const head = await db.selectFrom('tenant_heads').select('seq').where('tenant_id', '=', tenantId).executeTakeFirst();
  return head?.seq ?? 0;
}
