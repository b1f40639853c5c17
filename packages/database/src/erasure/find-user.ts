import { sql } from 'kysely';
import { ANY } from '../device-codes.ts';
import { instant } from '../instant.ts';
import { CHUNK_SIZE } from '../rollups/merge-user-sets.ts';
import type { TenantTransaction } from '../with-tenant.ts';
import { hasMember } from './user-in-set.ts';

export async function findUserOrdinal(
  { db, tenantId }: TenantTransaction,
  userId: string,
): Promise<number | undefined> {
  const row = await db
    .selectFrom('users')
    .select('ordinal')
    .where('tenant_id', '=', tenantId)
    .where('user_id', '=', userId)
    .executeTakeFirst();
  return row?.ordinal;
}

/**
 * At most `limit` of the times (epoch ms) from `from` on at which fine sets or entries of the log begin that the
 * user is in: wherever events of theirs are.
 */
export async function listUserTimes(
  { db, tenantId }: TenantTransaction,
  ordinal: number,
  { from, limit }: { readonly from: number; readonly limit: number },
): Promise<number[]> {
  const { rows } = await sql<{ at: number }>`
    SELECT bucket AS at FROM user_sets_hour
    WHERE tenant_id = ${tenantId} AND type_id = ${ANY} AND device = ${ANY} AND bucket >= ${instant(from)}
      AND chunk = ${Math.floor(ordinal / CHUNK_SIZE)} AND ${hasMember(ordinal)}
    UNION
    SELECT quarter FROM user_log
    WHERE tenant_id = ${tenantId} AND quarter >= ${instant(from)} AND ${ordinal} = ANY(ordinals)
    LIMIT ${limit}`.execute(db);
  return rows.map(({ at }) => at);
}

/** Deletes the user's row. Their ordinal is given to nobody else, and servers forget it with the head's epoch. */
export async function deleteUser({ db, tenantId }: TenantTransaction, ordinal: number): Promise<void> {
  await db.deleteFrom('users').where('tenant_id', '=', tenantId).where('ordinal', '=', ordinal).execute();
  await db
    .updateTable('tenant_heads')
    .set(({ eb }) => ({ users_epoch: eb('users_epoch', '+', 1) }))
    .where('tenant_id', '=', tenantId)
    .execute();
}
