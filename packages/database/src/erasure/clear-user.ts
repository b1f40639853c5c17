import { sql } from 'kysely';
import { int2s, timestamps, uuids } from '../binary-array.ts';
import { instant, instants } from '../instant.ts';
import type { SetKinds } from '../rollups/insert-user-sets.ts';
import { CHUNK_SIZE } from '../rollups/merge-user-sets.ts';
import type { TenantTransaction } from '../with-tenant.ts';
import type { Stretch, UserTrace } from './delete-user-events.ts';
import { hasMember, IS_EMPTY_SET, withoutMember } from './user-in-set.ts';

/** A fine set (its start in epoch ms) in which the user stays. */
export type KeptSet = { readonly bucket: number; readonly typeId: number; readonly device: number };

/** A day of the tenant's calendar and its stretch of time. */
export type ErasedDay = Stretch & { readonly day: string };

/** Takes the user out of the fine sets that begin at `buckets` (epoch ms), but for those to keep. Under the fold's lock. */
export async function clearFineSets(
  { db, tenantId }: TenantTransaction,
  ordinal: number,
  { buckets, kinds, kept }: { buckets: readonly number[]; kinds: SetKinds; kept: readonly KeptSet[] },
): Promise<void> {
  const place = sql`
    tenant_id = ${tenantId} AND type_id = ANY(${int2s(kinds.typeIds)}) AND device = ANY(${int2s(kinds.devices)})
    AND bucket = ANY(${instants(buckets)}) AND chunk = ${Math.floor(ordinal / CHUNK_SIZE)}`;
  await sql`
    UPDATE user_sets_hour SET ${withoutMember(ordinal)}
    WHERE ${place} AND ${hasMember(ordinal)} AND NOT EXISTS (
      SELECT FROM unnest(
        ${instants(kept.map(({ bucket }) => bucket))},
        ${int2s(kept.map(({ typeId }) => typeId))}, ${int2s(kept.map(({ device }) => device))}
      ) AS kept(bucket, type_id, device)
      WHERE kept.bucket = user_sets_hour.bucket AND kept.type_id = user_sets_hour.type_id
        AND kept.device = user_sets_hour.device)`.execute(db);
  await sql`DELETE FROM user_sets_hour WHERE ${place} AND ${IS_EMPTY_SET}`.execute(db);
}

/** Takes the user out of the sets of days in none of whose fine sets of the same kind they are any more. */
export async function clearDaySets(
  { db, tenantId }: TenantTransaction,
  ordinal: number,
  { days, kinds }: { days: readonly ErasedDay[]; kinds: SetKinds },
): Promise<void> {
  const chunk = Math.floor(ordinal / CHUNK_SIZE);
  const place = sql`
    tenant_id = ${tenantId} AND type_id = ANY(${int2s(kinds.typeIds)}) AND device = ANY(${int2s(kinds.devices)})
    AND day = ANY(${days.map(({ day }) => day)}::date[]) AND chunk = ${chunk}`;
  await sql`
    UPDATE user_sets_day AS stored SET ${withoutMember(ordinal)}
    FROM unnest(
      ${days.map(({ day }) => day)}::date[], ${instants(days.map(({ from }) => from))}, ${instants(days.map(({ to }) => to))}
    ) AS erased(on_day, from_at, to_at)
    WHERE ${place} AND ${hasMember(ordinal)} AND stored.day = erased.on_day AND NOT EXISTS (
      SELECT FROM user_sets_hour AS fine
      WHERE fine.tenant_id = ${tenantId} AND fine.type_id = stored.type_id AND fine.device = stored.device
        AND fine.bucket >= erased.from_at AND fine.bucket < erased.to_at AND fine.chunk = ${chunk}
        AND EXISTS (SELECT FROM (SELECT fine.members, fine.bits) AS of_fine WHERE ${hasMember(ordinal)}))`.execute(db);
  await sql`DELETE FROM user_sets_day WHERE ${place} AND ${IS_EMPTY_SET}`.execute(db);
}

/** Takes the user out of the log's entries of the stretches, but for the traces to keep. Under the fold's lock. */
export async function clearUserLog(
  { db, tenantId }: TenantTransaction,
  ordinal: number,
  { stretches, kept }: { stretches: readonly Stretch[]; kept: readonly UserTrace[] },
): Promise<void> {
  await sql`
    UPDATE user_log SET ordinals = array_remove(ordinals, ${ordinal}::int)
    WHERE tenant_id = ${tenantId} AND ${ordinal} = ANY(ordinals) AND EXISTS (
      SELECT FROM unnest(
        ${instants(stretches.map(({ from }) => from))}, ${instants(stretches.map(({ to }) => to))}
      ) AS stretch(from_at, to_at)
      WHERE quarter >= from_at AND quarter < to_at
    ) AND NOT EXISTS (
      SELECT FROM unnest(
        ${instants(kept.map(({ quarter }) => quarter))},
        ${int2s(kept.map(({ typeId }) => typeId))}, ${int2s(kept.map(({ device }) => device))}
      ) AS kept(quarter, type_id, device)
      WHERE kept.quarter = user_log.quarter AND kept.type_id = user_log.type_id AND kept.device = user_log.device
    )`.execute(db);
  await sql`DELETE FROM user_log WHERE tenant_id = ${tenantId} AND cardinality(ordinals) = 0`.execute(db);
}

/** The place of an event that was erased: no event's id, so that places behind it stay what they are. */
const ERASED_ID = '00000000-0000-0000-0000-000000000000';

/**
 * Takes the ids of events out of the outbox: by their times too, since another event may have the same id at another
 * time. Their commits are not older than `since` (epoch ms).
 */
export async function blankCommitKeys(
  { db, tenantId }: TenantTransaction,
  keys: readonly { readonly id: string; readonly occurredAt: number }[],
  { since, days }: { readonly since: number; readonly days: readonly string[] },
): Promise<void> {
  const ids = uuids(keys.map(({ id }) => id));
  const times = timestamps(keys.map(({ occurredAt }) => occurredAt));
  await sql`
    UPDATE commits SET ids = ARRAY(
      SELECT CASE WHEN (id, at) IN (SELECT * FROM unnest(${ids}, ${times})) THEN ${ERASED_ID}::uuid ELSE id END
      FROM unnest(ids, occurred_at) WITH ORDINALITY AS key(id, at, place) ORDER BY place)
    WHERE tenant_id = ${tenantId} AND committed_at >= ${instant(since)} AND days && ${[...days]}::date[]
      AND ids && ${ids}`.execute(db);
}
