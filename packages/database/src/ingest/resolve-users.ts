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
  // Looked up one by one, by the key: asked for all at once the planner reads every user of the tenant.
  const { rows: known } = await sql<{ user_id: string; ordinal: number }>`
    SELECT given.user_id, known.ordinal FROM unnest(${texts(userIds)}) AS given(user_id)
    CROSS JOIN LATERAL (
      SELECT ordinal FROM users WHERE tenant_id = ${tenantId} AND users.user_id = given.user_id OFFSET 0
    ) AS known`.execute(db);
  for (const { user_id, ordinal } of known) ordinals.set(user_id, ordinal);

  const unknown = userIds.filter((userId) => !ordinals.has(userId));
  if (unknown.length === 0) return ordinals;
  for (const [index, userId] of unknown.entries()) ordinals.set(userId, head.nextOrdinal + index);
  await Promise.all([
    sql`
      INSERT INTO users (tenant_id, user_id, ordinal)
      SELECT ${tenantId}, user_id, ${head.nextOrdinal}::int + place::int - 1
      FROM unnest(${texts(unknown)}) WITH ORDINALITY AS given(user_id, place)`.execute(db),
    db
      .updateTable('tenant_heads')
      .set({ next_ordinal: head.nextOrdinal + unknown.length })
      .where('tenant_id', '=', tenantId)
      .execute(),
  ]);
  return ordinals;
}
