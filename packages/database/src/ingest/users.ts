import { sql } from 'kysely';
import { texts } from '../binary-array.ts';
import type { TenantTransaction } from '../with-tenant.ts';
import type { ExpectedHead } from './lock-head.ts';

/** The ordinals of those users that the tenant has. May be sent right behind the head's lock. */
export async function findUsers(
  { db, tenantId }: TenantTransaction,
  userIds: readonly string[],
): Promise<Map<string, number>> {
  if (userIds.length === 0) return new Map();
  // Looked up one by one, by the key: asked for all at once the planner reads every user of the tenant.
  const { rows } = await sql<{ user_id: string; ordinal: number }>`
    SELECT given.user_id, known.ordinal FROM unnest(${texts(userIds)}) AS given(user_id)
    CROSS JOIN LATERAL (
      SELECT ordinal FROM users WHERE tenant_id = ${tenantId} AND users.user_id = given.user_id OFFSET 0
    ) AS known`.execute(db);
  return new Map(rows.map(({ user_id, ordinal }) => [user_id, ordinal]));
}

/** Gives users that the tenant does not have their ordinals, from the head's next one on; dense and never reused. */
export async function insertUsers(
  { db, tenantId }: TenantTransaction,
  { nextOrdinal }: Pick<ExpectedHead, 'nextOrdinal'>,
  userIds: readonly string[],
): Promise<void> {
  if (userIds.length === 0) return;
  await Promise.all([
    sql`
      INSERT INTO users (tenant_id, user_id, ordinal)
      SELECT ${tenantId}, user_id, ${nextOrdinal}::int + place::int - 1
      FROM unnest(${texts(userIds)}) WITH ORDINALITY AS given(user_id, place)`.execute(db),
    db
      .updateTable('tenant_heads')
      .set({ next_ordinal: nextOrdinal + userIds.length })
      .where('tenant_id', '=', tenantId)
      .execute(),
  ]);
}
