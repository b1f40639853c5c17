import { sql } from 'kysely';
import { int2s, timestamps } from '../binary-array.ts';
import type { TenantTransaction } from '../with-tenant.ts';

/** Users who were active in a quarter-hour, with a type on a device. `quarter` is epoch ms. */
export type UserLogEntry = {
  readonly quarter: number;
  readonly typeId: number;
  readonly device: number;
  /** Distinct. */
  readonly ordinals: readonly number[];
};

/** Appends what the fold has yet to merge into the user sets; no two entries may have the same key. */
export async function appendUserLog(
  { db, tenantId }: TenantTransaction,
  seq: number,
  entries: readonly UserLogEntry[],
): Promise<void> {
  if (entries.length === 0) return;
  await sql`
    INSERT INTO user_log (tenant_id, seq, quarter, type_id, device, ordinals)
    SELECT ${tenantId}, ${seq}::bigint, quarter, type_id, device, ordinals::int[]
    FROM unnest(
      ${timestamps(entries.map(({ quarter }) => quarter))},
      ${int2s(entries.map(({ typeId }) => typeId))},
      ${int2s(entries.map(({ device }) => device))},
      ${entries.map(({ ordinals }) => `{${ordinals.join(',')}}`)}::text[]
    ) AS given(quarter, type_id, device, ordinals)`.execute(db);
}
