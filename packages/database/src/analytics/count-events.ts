import { type RawBuilder, sql } from 'kysely';
import type { TenantTransaction } from '../with-tenant.ts';
import type { Cell, CellFilter, Grouping } from './grouping.ts';
import { cellFilter, groupKey } from './grouping.ts';
import type { DayPiece, Piece } from './piece.ts';
import { dayPiecesAs, piecesAs } from './piece.ts';
import { rawEvents } from './raw-events.ts';

/** Where the events of each bucket are counted, the coarsest level first. */
export type CountPieces = {
  readonly day: readonly DayPiece[];
  readonly quarter: readonly Piece[];
  readonly minute: readonly Piece[];
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
  const addLevel = (level: 'day' | 'quarter' | 'minute', rows: RawBuilder<unknown>) => {
    const bucket = sql.ref(level === 'day' ? 'counts.day' : 'counts.bucket');
    parts.push(sql`
      SELECT piece.bucket, ${groupKey(grouping, 'counts')} AS key, counts.events
      FROM ${rows}
      JOIN ${sql.table(`event_counts_${level}`)} AS counts ON counts.tenant_id = ${tenantId}
        AND ${bucket} >= piece.from_at AND ${bucket} < piece.to_at
      WHERE ${cellFilter(filter, 'counts')}`);
  };
  if (pieces.day.length > 0) addLevel('day', dayPiecesAs(pieces.day));
  if (pieces.quarter.length > 0) addLevel('quarter', piecesAs(pieces.quarter));
  if (pieces.minute.length > 0) addLevel('minute', piecesAs(pieces.minute));
  if (pieces.raw.length > 0) {
    parts.push(sql`
      SELECT raw.bucket, ${groupKey(grouping, 'raw')} AS key, 1::bigint AS events
      FROM ${rawEvents(transaction, pieces.raw)}
      WHERE ${cellFilter(filter, 'raw')}`);
  }
  if (parts.length === 0) return [];
  const { rows } = await sql<Cell>`
    SELECT bucket, key, sum(events)::bigint AS value
    FROM (${sql.join(parts, sql` UNION ALL `)}) AS counted
    GROUP BY bucket, key`.execute(db);
  return rows;
}
