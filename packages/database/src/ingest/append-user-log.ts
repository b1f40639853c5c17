import { sql } from 'kysely';
import { instants } from '../instant.ts';
import type { TenantTransaction } from '../with-tenant.ts';

/** A user was active in a quarter-hour, with a type on a device. `quarter` is epoch ms. */
export type UserLogEntry = {
  readonly quarter: number;
  readonly typeId: number;
  readonly device: number;
  readonly ordinal: number;
};

/** Appends what the fold has yet to merge into the user sets; entries must be distinct. */
export async function appendUserLog(
  { db, tenantId }: TenantTransaction,
  seq: number,
  entries: readonly UserLogEntry[],
): Promise<void> {
  if (entries.length === 0) return;
  await sql`
    INSERT INTO user_log (tenant_id, seq, quarter, ordinal, type_id, device)
    SELECT ${tenantId}, ${seq}::bigint, given.*
    FROM unnest(
      ${instants(entries.map(({ quarter }) => quarter))},
      ${entries.map(({ ordinal }) => ordinal)}::int[],
      ${entries.map(({ typeId }) => typeId)}::smallint[],
      ${entries.map(({ device }) => device)}::smallint[]
    ) AS given`.execute(db);
}
