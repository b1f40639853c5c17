import { type RawBuilder, sql } from 'kysely';
import { instant, instants } from '../instant.ts';
import { CHUNK_SIZE } from '../rollups/merge-user-sets.ts';
import type { TenantTransaction } from '../with-tenant.ts';
import { type Cell, type CellFilter, cellColumns, cellFilter, type Grouping, groupKey } from './grouping.ts';
import { type Piece, piecesAs } from './piece.ts';
import { rawEvents } from './raw-events.ts';
import type { ChunkPlace } from './stored-sets.ts';
import type { UserPieces } from './user-pieces.ts';

/** Which users count, and how they are told apart. */
export type UserChoice = { readonly filter: CellFilter; readonly grouping: Grouping };

/** Users of a chunk, two bytes each, possibly repeated. */
export type LooseUsers = ChunkPlace & { readonly members: Buffer };

/** What one look at the log and the raw rows finds. */
type Loose = {
  readonly users: readonly LooseUsers[];
  /** The events of the raw pieces, cells possibly repeated. */
  readonly rawEvents: readonly Cell[];
};

type Found = { bucket: number; key: number; events: number } & (
  | { chunk: number; members: Buffer }
  // Events without a user.
  | { chunk: null; members: null }
);

/** Users that are in no set: of the log, which completes day and hour pieces, and of raw pieces; by chunk, possibly repeated. */
export async function findLooseUsers(
  transaction: TenantTransaction,
  { day, hour, raw }: UserPieces,
  choice: UserChoice,
): Promise<Loose> {
  const sources: RawBuilder<unknown>[] = [];
  if (day.length + hour.length > 0) sources.push(unfoldedUsers(transaction, [...day, ...hour], choice));
  if (raw.length > 0) {
    sources.push(sql`
      SELECT piece.bucket, ${groupKey(choice.grouping, cellColumns('raw'))}, raw.user_ordinal, 1
      FROM ${rawEvents(transaction, raw, choice.filter)}`);
  }
  if (sources.length === 0) return { users: [], rawEvents: [] };
  const size = sql.lit(CHUNK_SIZE);
  const { rows } = await sql<Found>`
    SELECT bucket, key, ordinal / ${size} AS chunk, string_agg(int2send((ordinal % ${size})::smallint), ''::bytea) AS members,
      sum(events) AS events
    FROM (${sql.join(sources, sql` UNION ALL `)}) AS seen(bucket, key, ordinal, events) GROUP BY 1, 2, 3`.execute(
    transaction.db,
  );
  return {
    users: rows.flatMap(({ bucket, key, chunk, members }) => (chunk === null ? [] : { bucket, key, chunk, members })),
    rawEvents: rows.flatMap(({ bucket, key, events }) => (events === 0 ? [] : { bucket, key, value: events })),
  };
}

/**
 * Users that the log holds for the pieces, which must not overlap. Each row is placed once by its piece's
 * start, so the cost does not multiply with the pieces however far the fold is behind.
 */
function unfoldedUsers({ tenantId }: TenantTransaction, pieces: readonly Piece[], { filter, grouping }: UserChoice) {
  const sorted = [...pieces].sort((one, other) => one.from - other.from);
  const first = sorted[0]?.from ?? 0;
  return sql`
    SELECT piece.bucket, ${groupKey(grouping, cellColumns('log'))}, unnest(log.ordinals), 0
    FROM (
      SELECT *, width_bucket(quarter, ${instants(sorted.map(({ from }) => from))}) AS place
      FROM user_log WHERE tenant_id = ${tenantId} AND quarter >= ${instant(first)}
        AND ${cellFilter(filter, { typeId: 'type_id', device: 'device' })}
    ) AS log
    JOIN ${piecesAs(sorted, 'WITH ORDINALITY')} ON piece.place = log.place AND log.quarter < piece.to_at`;
}
