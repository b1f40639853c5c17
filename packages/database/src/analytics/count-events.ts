import { type RawBuilder, sql } from 'kysely';
import type { TenantTransaction } from '../with-tenant.ts';
import type { Cell, CellFilter, Grouping } from './grouping.ts';
import { cellColumns, cellFilter, groupKey } from './grouping.ts';
import { type DayPiece, dayPiecesAs, eachPiece, type Piece, piecesAs } from './piece.ts';
import { rawEvents } from './raw-events.ts';

/** Where the events of each bucket are counted, the coarsest level first. */
export type CountPieces = {
  readonly day: readonly DayPiece[];
  readonly quarter: readonly Piece[];
  readonly raw: readonly Piece[];
};

/** Events per bucket and group; cells without events are absent. */
export async function countEvents(
  transaction: TenantTransaction,
  pieces: CountPieces,
  filter: CellFilter,
  grouping: Grouping,
): Promise<Cell[]> {
  const { db, tenantId } = transaction;
  const parts: RawBuilder<unknown>[] = [];
  const addLevel = (level: 'day' | 'quarter', piecesOfLevel: RawBuilder<unknown>) => {
    const bucket = sql.ref(level === 'day' ? 'day' : 'bucket');
    const rows = sql`
      SELECT type_id, device, events FROM ${sql.table(`event_counts_${level}`)}
      WHERE tenant_id = ${tenantId} AND ${bucket} >= piece.from_at AND ${bucket} < piece.to_at
        AND ${cellFilter(filter, { typeId: 'type_id', device: 'device' })}`;
    parts.push(sql`
      SELECT piece.bucket, ${groupKey(grouping, cellColumns('counts'))} AS key, counts.events
      FROM ${eachPiece(piecesOfLevel, rows, 'counts')}`);
  };
  if (pieces.day.length > 0) addLevel('day', dayPiecesAs(pieces.day));
  if (pieces.quarter.length > 0) addLevel('quarter', piecesAs(pieces.quarter));
  if (pieces.raw.length > 0) {
    parts.push(sql`
      SELECT piece.bucket, ${groupKey(grouping, cellColumns('raw'))} AS key, 1::bigint AS events
      FROM ${rawEvents(transaction, pieces.raw, filter)}`);
  }
  if (parts.length === 0) return [];
  const { rows } = await sql<Cell>`
    SELECT bucket, key, sum(events)::bigint AS value
    FROM (${sql.join(parts, sql` UNION ALL `)}) AS counted
    GROUP BY bucket, key`.execute(db);
  return rows;
}
