import { instant } from '../instant.ts';
import type { TenantTransaction } from '../with-tenant.ts';

/** The tenant of what concerns none. */
export const NO_TENANT = '00000000-0000-0000-0000-000000000000';

/** One thing done, and by whom; the id is a UUIDv7. Instants are epoch ms. */
export type AuditRow = {
  readonly id: string;
  readonly doneAt: number;
  readonly keyId: string;
  readonly sessionId: string | null;
  readonly keyName: string;
  readonly role: string;
  readonly action: string;
  readonly target: string | null;
  readonly evidence: Readonly<Record<string, unknown>>;
  readonly requestId: string;
};

export async function insertAuditRow({ db, tenantId }: TenantTransaction, row: AuditRow): Promise<void> {
  await db
    .insertInto('audit_log')
    .values({
      tenant_id: tenantId,
      id: row.id,
      done_at: new Date(row.doneAt).toISOString(),
      key_id: row.keyId,
      session_id: row.sessionId,
      key_name: row.keyName,
      role: row.role,
      action: row.action,
      target: row.target,
      evidence: JSON.stringify(row.evidence),
      request_id: row.requestId,
    })
    .execute();
}

/** The newest rows, those before an id where one is given. */
export async function listAuditRows(
  { db, tenantId }: TenantTransaction,
  { before, limit }: { readonly before: string | undefined; readonly limit: number },
): Promise<AuditRow[]> {
  const rows = db
    .selectFrom('audit_log')
    .select([
      'id',
      'done_at as doneAt',
      'key_id as keyId',
      'session_id as sessionId',
      'key_name as keyName',
      'role',
      'action',
      'target',
      'evidence',
      'request_id as requestId',
    ])
    .where('tenant_id', '=', tenantId)
    .orderBy('id', 'desc')
    .limit(limit);
  return await (before === undefined ? rows : rows.where('id', '<', before)).execute();
}

/** Forgets what was done before an instant (epoch ms). */
export async function pruneAuditLog({ db, tenantId }: TenantTransaction, before: number): Promise<void> {
  await db.deleteFrom('audit_log').where('tenant_id', '=', tenantId).where('done_at', '<', instant(before)).execute();
}
