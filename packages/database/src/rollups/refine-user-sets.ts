import { sql } from 'kysely';
import { ANY } from '../device-codes.ts';
import { instant } from '../instant.ts';
import type { TenantTransaction } from '../with-tenant.ts';
import { insertUserSets, type SetKinds } from './insert-user-sets.ts';
import { CHUNK_SIZE } from './merge-user-sets.ts';

/**
 * Makes the fine sets of `[from, to)` (epoch ms, whole hours) hold quarter-hours instead of hours, from the raw
 * rows, which must all be there. Under the fold's lock: users still in the log are in both for a while.
 */
export async function refineUserSets(
  transaction: TenantTransaction,
  { from, to }: { readonly from: number; readonly to: number },
  { typeIds, devices }: SetKinds,
): Promise<void> {
  const { db, tenantId } = transaction;
  await sql`
    DELETE FROM user_sets_hour
    WHERE tenant_id = ${tenantId} AND type_id = ANY(${typeIds}::smallint[]) AND device = ANY(${devices}::smallint[])
      AND bucket >= ${instant(from)} AND bucket < ${instant(to)}`.execute(db);
  const size = sql.lit(CHUNK_SIZE);
  const any = sql.lit(ANY);
  await insertUserSets(
    transaction,
    'hour',
    sql`
      SELECT bucket, type_id, device, ordinal / ${size} AS chunk,
        array_agg((ordinal % ${size})::smallint ORDER BY ordinal) AS members, NULL::bit(8192) AS bits
      FROM (
        SELECT DISTINCT seen.bucket, kinds.type_id, kinds.device, seen.ordinal
        FROM (
          SELECT DISTINCT date_bin('15 minutes', event.occurred_at, 'epoch') AS bucket, types.type_id, event.device,
            event.user_ordinal AS ordinal
          FROM events AS event
          JOIN event_types AS types ON types.tenant_id = ${tenantId} AND types.name = event.type
          WHERE event.tenant_id = ${tenantId} AND event.user_ordinal IS NOT NULL
            AND event.occurred_at >= ${instant(from)} AND event.occurred_at < ${instant(to)}
        ) AS seen
        CROSS JOIN LATERAL (VALUES
          (seen.type_id, seen.device), (seen.type_id, ${any}), (${any}, seen.device), (${any}, ${any})
        ) AS kinds(type_id, device)
      ) AS members_of
      GROUP BY 1, 2, 3, 4`,
  );
}
