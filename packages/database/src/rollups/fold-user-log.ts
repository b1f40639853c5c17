import { sql } from 'kysely';
import type { UserLogEntry } from '../ingest/append-user-log.ts';
import type { TenantTransaction } from '../with-tenant.ts';

/** Which tenants have a log to fold; asked tenant by tenant, as row-level security wants it. */
export async function hasUserLog({ db, tenantId }: TenantTransaction): Promise<boolean> {
  const row = await db.selectFrom('user_log').select('seq').where('tenant_id', '=', tenantId).limit(1).execute();
  return row.length > 0;
}

/** Takes the tenant's fold for this transaction, or says that another server has it. */
export async function lockFold({ db, tenantId }: TenantTransaction): Promise<boolean> {
  const { rows } = await sql`
    SELECT FROM folds WHERE tenant_id = ${tenantId} FOR UPDATE SKIP LOCKED`.execute(db);
  return rows.length === 1;
}

/** Takes the tenant's fold for this transaction, after whoever has it now. */
export async function awaitFold({ db, tenantId }: TenantTransaction): Promise<void> {
  await sql`SELECT FROM folds WHERE tenant_id = ${tenantId} FOR UPDATE`.execute(db);
}

/** Removes the oldest log entries, whole commits of them, until they hold `limit` users or more. */
export async function takeUserLog(
  { db, tenantId }: TenantTransaction,
  limit: number,
): Promise<{ entries: UserLogEntry[]; isDrained: boolean }> {
  const { rows: bounds } = await sql<{ last_seq: number; taken: number }>`
    SELECT max(seq) AS last_seq, coalesce(sum(users), 0) AS taken
    FROM (
      SELECT seq, users, sum(users) OVER (ORDER BY seq ROWS UNBOUNDED PRECEDING) - users AS before
      FROM (
        SELECT seq, cardinality(ordinals) AS users FROM user_log WHERE tenant_id = ${tenantId} ORDER BY seq LIMIT ${limit}
      ) AS oldest
    ) AS counted WHERE before < ${limit}`.execute(db);
  const bound = bounds[0];
  if (bound === undefined || bound.taken === 0) return { entries: [], isDrained: true };
  const { rows } = await sql<{ quarter: number; type_id: number; device: number; ordinals: number[] }>`
    DELETE FROM user_log WHERE tenant_id = ${tenantId} AND seq <= ${bound.last_seq}
    RETURNING quarter, type_id, device, ordinals`.execute(db);
  const entries = rows.map(({ type_id, ...entry }) => ({ ...entry, typeId: type_id }));
  return { entries, isDrained: bound.taken < limit };
}

export async function markFolded({ db, tenantId }: TenantTransaction, foldedAt: number): Promise<void> {
  await db
    .updateTable('folds')
    .set({ folded_at: new Date(foldedAt).toISOString() })
    .where('tenant_id', '=', tenantId)
    .execute();
}
