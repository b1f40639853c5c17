import { sql } from 'kysely';
import { texts } from '../binary-array.ts';
import type { TenantTransaction } from '../with-tenant.ts';
import type { Head } from './lock-head.ts';

/** The ordinals of the users, new ones given out under the head's lock; dense and never reused. */
export async function resolveUsers(
  { db, tenantId }: TenantTransaction,
  head: Head,
  userIds: readonly string[],
): Promise<Map<string, number>> {
  const ordinals = new Map<string, number>();
  if (userIds.length === 0) return ordinals;
  const known = await db
    .selectFrom('users')
    .select(['user_id', 'ordinal'])
    .where('tenant_id', '=', tenantId)
    .where('user_id', '=', sql<string>`ANY(${texts(userIds)})`)
    .execute();
  for (const { user_id, ordinal } of known) ordinals.set(user_id, ordinal);

  const unknown = userIds.filter((userId) => !ordinals.has(userId));
  if (unknown.length === 0) return ordinals;
  for (const [index, userId] of unknown.entries()) ordinals.set(userId, head.nextOrdinal + index);
  await sql`
    INSERT INTO users (tenant_id, user_id, ordinal)
    SELECT ${tenantId}, user_id, ${head.nextOrdinal}::int + place::int - 1
    FROM unnest(${texts(unknown)}) WITH ORDINALITY AS given(user_id, place)`.execute(db);
  await db
    .updateTable('tenant_heads')
    .set({ next_ordinal: head.nextOrdinal + unknown.length })
    .where('tenant_id', '=', tenantId)
    .execute();
  return ordinals;
}
