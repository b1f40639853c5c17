import { sql } from 'kysely';
import type { TenantTransaction } from '../with-tenant.ts';
import type { Head } from './lock-head.ts';

/** The tenant's event types by name. Ids are never reused, so a reader may keep them. */
export async function listEventTypes({ db, tenantId }: TenantTransaction): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom('event_types')
    .select(['name', 'type_id'])
    .where('tenant_id', '=', tenantId)
    .execute();
  return new Map(rows.map(({ name, type_id }) => [name, type_id]));
}

/** Gives ids to types never seen before, under the head's lock. */
export async function addEventTypes(
  { db, tenantId }: TenantTransaction,
  head: Head,
  names: readonly string[],
): Promise<Map<string, number>> {
  await sql`
    INSERT INTO event_types (tenant_id, type_id, name)
    SELECT ${tenantId}, ${head.nextTypeId}::int + place::int - 1, name
    FROM unnest(${names}::text[]) WITH ORDINALITY AS given(name, place)`.execute(db);
  await db
    .updateTable('tenant_heads')
    .set({ next_type_id: head.nextTypeId + names.length })
    .where('tenant_id', '=', tenantId)
    .execute();
  return new Map(names.map((name, index) => [name, head.nextTypeId + index]));
}
