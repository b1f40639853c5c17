import type { Filters } from '@tidemark/schemas';
import { sql } from 'kysely';
import { instants } from '../instant.ts';
import type { TenantTransaction } from '../with-tenant.ts';
import { eventConditions } from './event-conditions.ts';
import type { Grouping } from './grouping.ts';
import { groupKey } from './grouping.ts';

/** Events and distinct users of one bucket and group, found together. */
export type FilteredCell = {
  readonly bucket: number;
  readonly key: number;
  readonly events: number;
  readonly users: number;
};

const KEY_COLUMNS = { typeId: 'types.type_id', device: 'event.device' };

/**
 * Counts what no rollup tells apart (a user, a property) from the raw rows. `edges` (epoch ms) bound the
 * buckets: bucket i is `[edges[i], edges[i + 1])`. Cells without events are absent.
 */
export async function countFiltered(
  { db, tenantId }: TenantTransaction,
  edges: readonly number[],
  filters: Filters,
  grouping: Grouping,
): Promise<FilteredCell[]> {
  const range = [edges[0] ?? 0, edges.at(-1) ?? 0];
  const { rows } = await sql<FilteredCell>`
    SELECT width_bucket(event.occurred_at, ${instants(edges)}) - 1 AS bucket, ${groupKey(grouping, KEY_COLUMNS)} AS key,
      count(*) AS events, count(DISTINCT event.user_ordinal) AS users
    FROM events AS event
    JOIN event_types AS types ON types.tenant_id = ${tenantId} AND types.name = event.type
    WHERE event.tenant_id = ${tenantId}
      AND event.occurred_at >= (${instants(range)})[1] AND event.occurred_at < (${instants(range)})[2]
      AND ${sql.join([sql`true`, ...eventConditions(filters)], sql` AND `)}
    GROUP BY 1, 2`.execute(db);
  return rows;
}
