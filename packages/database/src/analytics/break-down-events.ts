import type { Filters } from '@tidemark/schemas';
import { type RawBuilder, sql } from 'kysely';
import { instant } from '../instant.ts';
import type { TenantTransaction } from '../with-tenant.ts';
import { eventConditions } from './event-conditions.ts';

/** A dimension that only raw rows have: the user, or the property at a path. */
export type RawDimension = 'user' | { readonly path: readonly string[] };

/** What a value has; the one row beyond the limit stands for `keys` of them. */
export type BreakdownCell = {
  readonly key: string | null;
  readonly isOther: boolean;
  readonly keys: number;
  readonly events: number;
  readonly users: number;
};

export type BreakdownOptions = {
  /** Half-open, epoch ms. */
  readonly range: { readonly from: number; readonly to: number };
  readonly filters: Filters;
  readonly by: RawDimension;
  readonly limit: number;
};

/** Events and distinct users by value, most events first; all beyond the limit in one row, counted as one. */
export async function breakDownEvents(
  { db, tenantId }: TenantTransaction,
  { range, filters, by, limit }: BreakdownOptions,
): Promise<BreakdownCell[]> {
  const conditions = [
    sql`event.tenant_id = ${tenantId}`,
    sql`event.occurred_at >= ${instant(range.from)} AND event.occurred_at < ${instant(range.to)}`,
    ...eventConditions(filters),
  ];
  const { rows } = await sql<BreakdownCell>`
    WITH chosen AS MATERIALIZED (
      SELECT ${keyOf(by)} AS key, event.user_ordinal FROM events AS event
      WHERE ${sql.join(conditions, sql` AND `)}
    ), ranked AS (
      SELECT key, row_number() OVER (ORDER BY count(*) DESC, coalesce(key, '') COLLATE "C") AS place
      FROM chosen GROUP BY key
    ), placed AS (
      -- Two columns, so that a missing key can be hashed like the others.
      SELECT chosen.key, chosen.user_ordinal, least(ranked.place, ${limit}::bigint + 1) AS place
      FROM chosen JOIN ranked ON coalesce(ranked.key, '') = coalesce(chosen.key, '')
        AND (ranked.key IS NULL) = (chosen.key IS NULL)
    )
    SELECT CASE WHEN place <= ${limit}::bigint THEN min(key) END AS key, place > ${limit}::bigint AS "isOther",
      count(DISTINCT coalesce('=' || key, '')) AS keys, count(*) AS events, count(DISTINCT user_ordinal) AS users
    FROM placed GROUP BY place ORDER BY place`.execute(db);
  return rows;
}

function keyOf(by: RawDimension): RawBuilder<unknown> {
  return by === 'user' ? sql`event.user_id` : sql`event.properties #>> ${by.path}::text[]`;
}
