import { instant } from '../instant.ts';
import type { TenantTransaction } from '../with-tenant.ts';

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
