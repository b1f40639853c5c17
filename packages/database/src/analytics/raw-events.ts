import { type RawBuilder, sql } from 'kysely';
import type { TenantTransaction } from '../with-tenant.ts';
import { type CellFilter, cellFilter } from './grouping.ts';
import { eachPiece, type Piece, piecesAs } from './piece.ts';

/**
 * The raw events of the pieces as a FROM item: `piece.bucket` and `raw` with type_id, device and
 * user_ordinal: what the rollups say, from the rows they were made of.
 */
export function rawEvents(
  { tenantId }: TenantTransaction,
  pieces: readonly Piece[],
  filter: CellFilter,
): RawBuilder<unknown> {
  const rows = sql`
    SELECT types.type_id, event.device, event.user_ordinal
    FROM events AS event
    JOIN event_types AS types ON types.tenant_id = ${tenantId} AND types.name = event.type
    WHERE event.tenant_id = ${tenantId}
      AND event.occurred_at >= piece.from_at AND event.occurred_at < piece.to_at
      AND ${cellFilter(filter, { typeId: 'types.type_id', device: 'event.device' })}`;
  return eachPiece(piecesAs(pieces), rows, 'raw');
}
