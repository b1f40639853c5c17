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

/** Drops outbox rows before an instant (epoch ms): no stream resumes from further back. */
export async function pruneCommits({ db, tenantId }: TenantTransaction, before: number): Promise<void> {
  await db
    .deleteFrom('commits')
    .where('tenant_id', '=', tenantId)
    .where('committed_at', '<', instant(before))
    .execute();
}
