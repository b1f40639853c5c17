import { instant } from '../instant.ts';
import type { TenantTransaction } from '../with-tenant.ts';

/** Drops minute counts before an instant (epoch ms): finer than anyone asks of the past. */
export async function pruneMinuteCounts({ db, tenantId }: TenantTransaction, before: number): Promise<void> {
  await db
    .deleteFrom('event_counts_minute')
    .where('tenant_id', '=', tenantId)
    .where('bucket', '<', instant(before))
    .execute();
}

/**
 * Drops outbox rows before an instant (epoch ms): no stream resumes from further back. The newest of them
 * stays: with a commit at or before a place, nothing behind that place was dropped.
 */
export async function pruneCommits({ db, tenantId }: TenantTransaction, before: number): Promise<void> {
  await db
    .deleteFrom('commits')
    .where('tenant_id', '=', tenantId)
    .where('seq', '<', ({ selectFrom }) =>
      selectFrom('commits as old')
        .select(({ fn }) => fn.max('old.seq').as('newest'))
        .where('old.tenant_id', '=', tenantId)
        .where('old.committed_at', '<', instant(before)),
    )
    .execute();
}
