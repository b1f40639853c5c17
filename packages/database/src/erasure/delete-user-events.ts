import { sql } from 'kysely';
import { instant, instants } from '../instant.ts';
import type { TenantTransaction } from '../with-tenant.ts';

/** A stretch of time, `[from, to)` in epoch ms. */
export type Stretch = { readonly from: number; readonly to: number };

/** What is left to be known of an event that was deleted; instants as epoch ms. */
export type ErasedEvent = {
  readonly id: string;
  readonly occurredAt: number;
  readonly receivedAt: number;
  readonly type: string;
  readonly device: number;
};

/**
 * Deletes the user's oldest events within the stretches, about `limit` of them, and returns them. By time and not by
 * key: whatever the planner knows of the partition, it can only walk the stretch once.
 */
export async function deleteUserEvents(
  transaction: TenantTransaction,
  ordinal: number,
  { stretches, limit }: { readonly stretches: readonly Stretch[]; readonly limit: number },
): Promise<ErasedEvent[]> {
  const erased: ErasedEvent[] = [];
  for (const stretch of stretches) {
    const { rows } = await deleteWithin(transaction, ordinal, { ...stretch, limit: limit - erased.length });
    erased.push(...rows);
    if (erased.length >= limit) break;
  }
  return erased;
}

/** Those of the millisecond in which the limit is reached go too. */
async function deleteWithin(
  { db, tenantId }: TenantTransaction,
  ordinal: number,
  { from, to, limit }: Stretch & { readonly limit: number },
) {
  const theirs = sql`
    tenant_id = ${tenantId} AND occurred_at >= ${instant(from)} AND occurred_at < ${instant(to)}
    AND user_ordinal = ${ordinal}`;
  const { rows: last } = await sql<{ at: number }>`
    SELECT occurred_at AS at FROM events WHERE ${theirs}
    ORDER BY occurred_at OFFSET ${limit - 1} LIMIT 1`.execute(db);
  return await sql<ErasedEvent>`
    DELETE FROM events WHERE ${theirs} AND occurred_at <= ${instant(last[0]?.at ?? to)}
    RETURNING id, occurred_at AS "occurredAt", received_at AS "receivedAt", type, device`.execute(db);
}

/** Deletes the user's events before a horizon (epoch ms), which no rollup knows the user's part of any more. */
export async function deleteUserEventsBefore(
  { db, tenantId }: TenantTransaction,
  ordinal: number,
  before: number,
): Promise<number> {
  const { numAffectedRows } = await sql`
    DELETE FROM events
    WHERE tenant_id = ${tenantId} AND occurred_at < ${instant(before)} AND user_ordinal = ${ordinal}`.execute(db);
  return Number(numAffectedRows ?? 0);
}

/** In a quarter-hour (epoch ms) the user had events of a type on a device. */
export type UserTrace = { readonly quarter: number; readonly typeId: number; readonly device: number };

/** Where within the stretches the user still has events. */
export async function listUserTraces(
  { db, tenantId }: TenantTransaction,
  ordinal: number,
  stretches: readonly Stretch[],
): Promise<UserTrace[]> {
  const { rows } = await sql<UserTrace>`
    SELECT DISTINCT date_bin('15 minutes', event.occurred_at, 'epoch') AS quarter, types.type_id AS "typeId", event.device
    FROM ${stretchRows(stretches)} CROSS JOIN LATERAL (
      SELECT occurred_at, type, device FROM events
      WHERE tenant_id = ${tenantId} AND occurred_at >= stretch.from_at AND occurred_at < stretch.to_at
        AND user_ordinal = ${ordinal}
      OFFSET 0
    ) AS event
    JOIN event_types AS types ON types.tenant_id = ${tenantId} AND types.name = event.type`.execute(db);
  return rows;
}

function stretchRows(stretches: readonly Stretch[]) {
  return sql`unnest(
    ${instants(stretches.map(({ from }) => from))}, ${instants(stretches.map(({ to }) => to))}
  ) AS stretch(from_at, to_at)`;
}
