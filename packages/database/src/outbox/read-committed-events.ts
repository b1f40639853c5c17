import type { Event, Filters } from '@tidemark/schemas';
import { sql } from 'kysely';
import { eventConditions } from '../analytics/event-conditions.ts';
import { takeSnapshot } from '../analytics/snapshot.ts';
import { EVENT_COLUMNS, type EventRow, toEvent } from '../events/stored-event.ts';
import { instant, instants } from '../instant.ts';
import type { TenantTransaction } from '../with-tenant.ts';

/** A place in the tenant's one order of events: a commit, and the index of an event among its keys. */
export type CommitPosition = { readonly seq: number; readonly index: number };

/** Events in commit order, from behind one place to another. */
export type CommittedPage = {
  readonly events: readonly { readonly position: CommitPosition; readonly event: Event }[];
  /** The last key looked at, whether its event matched or not; where the page began if there was none. */
  readonly end: CommitPosition;
  /** All commits up to this one have been looked at whole. */
  readonly readTo: number;
};

export type CommittedEventsQuery = {
  readonly after: CommitPosition;
  readonly filters: Filters;
  /** Keys looked at, and so events at most. */
  readonly limit: number;
};

/** The next events behind a place that match; those that are no longer stored are left out. */
export async function readCommittedEvents(
  transaction: TenantTransaction,
  { after, filters, limit }: CommittedEventsQuery,
): Promise<CommittedPage> {
  const { seq: head } = await takeSnapshot(transaction);
  const places = await listKeys(transaction, after, limit);
  const last = places.at(-1);
  const end = last === undefined ? after : toPosition(last);
  return {
    events: await findEvents(transaction, places.filter(isKey), filters),
    end,
    // Of the last commit of a full page there may be more.
    readTo: places.length < limit ? head : end.seq - 1,
  };
}

type Key = { readonly seq: number; readonly place: number; readonly occurredAt: number; readonly id: string };
/** A commit without keys has a place all the same, so that a reader gets past it. */
type Place = Key | { readonly seq: number; readonly place: null };

function isKey(place: Place): place is Key {
  return place.place !== null;
}

function toPosition({ seq, place }: Place): CommitPosition {
  return { seq, index: place === null ? 0 : place - 1 };
}

/** Every commit gives a row at least, so that as many commits as rows are wanted suffice, and one begun before. */
async function listKeys({ db, tenantId }: TenantTransaction, after: CommitPosition, limit: number): Promise<Place[]> {
  const { rows } = await sql<Place>`
    SELECT commit.seq, key.place, key.occurred_at AS "occurredAt", key.id
    FROM (
      SELECT seq, occurred_at, ids FROM commits
      WHERE tenant_id = ${tenantId} AND seq >= ${after.seq}::bigint ORDER BY seq LIMIT ${limit + 1}
    ) AS commit
    LEFT JOIN LATERAL unnest(commit.occurred_at, commit.ids) WITH ORDINALITY AS key(occurred_at, id, place) ON true
    WHERE commit.seq > ${after.seq}::bigint OR key.place - 1 > ${after.index}::bigint
    ORDER BY commit.seq, key.place
    LIMIT ${limit}`.execute(db);
  return rows;
}

async function findEvents(
  { db, tenantId }: TenantTransaction,
  keys: readonly Key[],
  filters: Filters,
): Promise<CommittedPage['events']> {
  if (keys.length === 0) return [];
  const times = keys.map(({ occurredAt }) => occurredAt);
  const conditions = [
    // The bounds prune partitions when the statement is planned, the keys when it runs.
    sql`event.occurred_at >= ${instant(Math.min(...times))}`,
    sql`event.occurred_at <= ${instant(Math.max(...times))}`,
    ...eventConditions(filters),
  ];
  const { rows } = await sql<EventRow & { place: number }>`
    SELECT key.place, ${EVENT_COLUMNS}
    FROM unnest(${instants(times)}, ${keys.map(({ id }) => id)}::uuid[])
      WITH ORDINALITY AS key(occurred_at, id, place)
    JOIN events AS event
      ON event.tenant_id = ${tenantId} AND event.occurred_at = key.occurred_at AND event.id = key.id
    WHERE ${sql.join(conditions, sql` AND `)}
    ORDER BY key.place`.execute(db);
  return rows.flatMap((row) => {
    const key = keys[row.place - 1];
    return key === undefined ? [] : { position: toPosition(key), event: toEvent(row) };
  });
}
