import { type RawBuilder, sql } from 'kysely';
import { instant, instants } from '../instant.ts';
import { CHUNK_SIZE } from '../rollups/merge-user-sets.ts';
import type { TenantTransaction } from '../with-tenant.ts';
import { cellColumns, cellFilter, groupKey } from './grouping.ts';
import { type Piece, piecesAs } from './piece.ts';
import { rawEvents } from './raw-events.ts';
import type { ChunkPlace } from './stored-sets.ts';
import type { UserChoice, UserPieces } from './user-pieces.ts';

/** Users of a chunk, two bytes each, possibly repeated. */
export type LooseUsers = ChunkPlace & { readonly members: Buffer };

/** Users that are in no set: of the log, which completes day and hour pieces, and of raw pieces; by chunk, possibly repeated. */
export async function findLooseUsers(
  transaction: TenantTransaction,
  { day, hour, raw }: UserPieces,
  choice: UserChoice,
): Promise<LooseUsers[]> {
  const sources: RawBuilder<unknown>[] = [];
  if (day.length + hour.length > 0) sources.push(unfoldedUsers(transaction, [...day, ...hour], choice));
  if (raw.length > 0) {
    sources.push(sql`
      SELECT piece.bucket, ${groupKey(choice.grouping, cellColumns('raw'))}, raw.user_ordinal
      FROM ${rawEvents(transaction, raw, choice.filter)} WHERE raw.user_ordinal IS NOT NULL`);
  }
  if (sources.length === 0) return [];
  const size = sql.lit(CHUNK_SIZE);
  const { rows } = await sql<LooseUsers>`
    SELECT bucket, key, ordinal / ${size} AS chunk, string_agg(int2send((ordinal % ${size})::smallint), ''::bytea) AS members
    FROM (${sql.join(sources, sql` UNION ALL `)}) AS seen(bucket, key, ordinal) GROUP BY 1, 2, 3`.execute(
    transaction.db,
  );
  return rows;
}

/**
 * Users that the log holds for the pieces, which must not overlap. Each row is placed once by its piece's
 * start, so the cost does not multiply with the pieces however far the fold is behind.
 */
function unfoldedUsers({ tenantId }: TenantTransaction, pieces: readonly Piece[], { filter, grouping }: UserChoice) {
  const sorted = [...pieces].sort((one, other) => one.from - other.from);
  const first = sorted[0]?.from ?? 0;
  return sql`
    SELECT piece.bucket, ${groupKey(grouping, cellColumns('log'))}, unnest(log.ordinals)
    FROM (
      SELECT *, width_bucket(quarter, ${instants(sorted.map(({ from }) => from))}) AS place
      FROM user_log WHERE tenant_id = ${tenantId} AND quarter >= ${instant(first)}
        AND ${cellFilter(filter, { typeId: 'type_id', device: 'device' })}
    ) AS log
    JOIN ${piecesAs(sorted, 'WITH ORDINALITY')} ON piece.place = log.place AND log.quarter < piece.to_at`;
}
