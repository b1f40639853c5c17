import { type RawBuilder, sql } from 'kysely';
import type { TenantTransaction } from '../with-tenant.ts';
import type { Piece } from './piece.ts';
import { piecesAs } from './piece.ts';

/**
 * The raw events of the pieces as a FROM item `raw` with columns bucket, type_id, device, user_ordinal:
 * what the rollups say, from the rows they were made of.
 */
export function rawEvents({ tenantId }: TenantTransaction, pieces: readonly Piece[]): RawBuilder<unknown> {
  return sql`(
    SELECT piece.bucket, types.type_id, event.device, event.user_ordinal
    FROM ${piecesAs(pieces)}
    JOIN events AS event ON event.tenant_id = ${tenantId}
      AND event.occurred_at >= piece.from_at AND event.occurred_at < piece.to_at
      AND event.occurred_at >= ${bound(pieces, 'from')} AND event.occurred_at < ${bound(pieces, 'to')}
    JOIN event_types AS types ON types.tenant_id = ${tenantId} AND types.name = event.type
  ) AS raw`;
}

/** The bounds of all pieces together: constants, so that partitions outside are pruned. */
function bound(pieces: readonly Piece[], end: 'from' | 'to'): RawBuilder<unknown> {
  const at =
    end === 'from'
      ? pieces.reduce((least, { from }) => Math.min(least, from), Infinity)
      : pieces.reduce((most, { to }) => Math.max(most, to), -Infinity);
  return sql`${new Date(at).toISOString()}::timestamptz`;
}
