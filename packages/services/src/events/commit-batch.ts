import {
  addCounts,
  appendCommit,
  appendUserLog,
  type Database,
  type Head,
  hasCommit,
  hasRepeatedIds,
  insertEvents,
  lockHead,
  type NewEvent,
  type TenantTransaction,
  toEventKey,
  withTenant,
} from '@tidemark/database';
import type { Rejection } from '@tidemark/schemas';
import type { Calendars } from '../calendar/calendars.ts';
import { DAY_MS } from '../calendar/days.ts';
import { toDeltas } from './count-deltas.ts';
import type { EventTypes } from './event-types.ts';
import type { UserOrdinals } from './user-ordinals.ts';

/** What became of one event of a batch. */
export type Outcome = 'accepted' | 'duplicate' | Rejection;

export type CommittedBatch = {
  /** In the order of the events given. */
  readonly outcomes: readonly Outcome[];
  /** Its place in the tenant's order and the UTC days of its events, duplicates too; null where none was taken. */
  readonly place: { readonly seq: number; readonly days: readonly string[] } | null;
  /** Null where nothing new was stored. */
  readonly commit: { readonly seq: number; readonly committedAt: number; readonly days: readonly string[] } | null;
};

export type CommitTarget = {
  readonly database: Pick<Database, 'ingest'>;
  readonly tenantId: string;
  readonly calendars: Calendars;
  readonly types: EventTypes;
  readonly users: UserOrdinals;
  readonly now: () => number;
};

/** What a caller who tries again remembers between its tries. */
export type Attempt = {
  /** What the last try had done when it sent its COMMIT, which may have happened although the try failed. */
  prepared: CommittedBatch | undefined;
};

/**
 * Stores a batch in one transaction: the events, what they add to the counts and the user log, and the
 * commit's row. Everything is derived from the rows really inserted, so a duplicate can never count, and
 * the whole may be asked again after any failure.
 */
export async function commitBatch(
  target: CommitTarget,
  events: readonly NewEvent[],
  attempt: Attempt = { prepared: undefined },
): Promise<CommittedBatch> {
  const { database, tenantId } = target;
  let remember = () => {};
  const committed = await withTenant(database.ingest, tenantId, 'write', async (transaction) => {
    const head = await lockHead(transaction);
    const earlier = attempt.prepared;
    if (earlier !== undefined && (await hasHappened(transaction, events, earlier))) return earlier;
    const { typeIds, refused } = await target.types.resolve(
      transaction,
      head,
      distinct(events, ({ type }) => type),
    );
    const outcomes: Outcome[] = events.map((event) => {
      if (head.retentionHorizon !== null && event.occurredAt < head.retentionHorizon) return beyondRetention(head);
      if (refused.has(event.type)) return TOO_MANY_TYPES;
      return 'duplicate';
    });
    const candidates = firstOfEachKey(events, outcomes);
    const stored = await storeFresh({ transaction, head, typeIds, target }, [...candidates.values()]);
    const fresh = new Set(stored.fresh);
    for (const [place, event] of candidates) {
      if (fresh.has(event)) outcomes[place] = 'accepted';
    }
    remember = () => {
      target.types.remember(tenantId, typeIds);
      target.users.remember(tenantId, head, stored.ordinals);
    };
    const settled = events.filter((_, place) => typeof outcomes[place] === 'string');
    attempt.prepared = { outcomes, place: { seq: head.seq, days: toDays(settled) }, commit: stored.commit };
    return attempt.prepared;
  });
  remember();
  return committed;
}

/** Whether an earlier try of the same events was committed, so that they are not taken for duplicates of their own. */
async function hasHappened(
  transaction: TenantTransaction,
  events: readonly NewEvent[],
  { outcomes, commit }: CommittedBatch,
): Promise<boolean> {
  if (commit === null) return false;
  const ids = events.filter((_, place) => outcomes[place] === 'accepted').map(({ id }) => id);
  return await hasCommit(transaction, { ...commit, ids });
}

type Commit = {
  readonly transaction: TenantTransaction;
  readonly head: Head;
  readonly typeIds: ReadonlyMap<string, number>;
  readonly target: CommitTarget;
};

type Stored = {
  /** The events that were new. */
  readonly fresh: readonly NewEvent[];
  readonly ordinals: ReadonlyMap<string, number>;
  readonly commit: CommittedBatch['commit'];
};

/** Stores what is not there yet and adds just that to the rollups. */
async function storeFresh(
  { transaction, head, typeIds, target: { calendars, users, now } }: Commit,
  events: readonly NewEvent[],
): Promise<Stored> {
  if (events.length === 0) return { fresh: [], ordinals: new Map(), commit: null };
  const userIds = distinct(events, ({ userId }) => userId).filter((userId) => userId !== null);
  const ordinals = await users.resolve(transaction, head, userIds);
  const fresh = await insertEvents(transaction, events, ordinals);
  if (fresh.length === 0) return { fresh, ordinals, commit: null };

  const committedAt = now();
  const deltas = toDeltas(fresh, { typeIds, ordinals }, calendars.of(head.calendar));
  const commit = { seq: head.seq, committedAt, days: toDays(fresh) };
  await Promise.all([
    addCounts(transaction, 'quarter', deltas.quarter),
    addCounts(transaction, 'day', deltas.day),
    appendUserLog(transaction, head.seq, deltas.users),
    appendCommit(transaction, { ...commit, keys: fresh }),
  ]);
  return { fresh, ordinals, commit };
}

/** The events that may be new, by their place: of those with one key the first, whose payload wins. */
function firstOfEachKey(events: readonly NewEvent[], outcomes: readonly Outcome[]): Map<number, NewEvent> {
  const seen = new Set<string>();
  const firsts = new Map<number, NewEvent>();
  const mayHaveTwins = hasRepeatedIds(events);
  for (const [place, event] of events.entries()) {
    if (outcomes[place] !== 'duplicate') continue;
    if (mayHaveTwins) {
      const key = toEventKey(event.id, event.occurredAt);
      if (seen.has(key)) continue;
      seen.add(key);
    }
    firsts.set(place, event);
  }
  return firsts;
}

/** The UTC days of events. */
function toDays(events: readonly NewEvent[]): string[] {
  const days = distinct(events, ({ occurredAt }) => Math.floor(occurredAt / DAY_MS)).sort((one, other) => one - other);
  return days.map((day) => new Date(day * DAY_MS).toISOString().slice(0, 10));
}

function distinct<Item, Value>(items: readonly Item[], toValue: (item: Item) => Value): Value[] {
  const values = new Set<Value>();
  for (const item of items) values.add(toValue(item));
  return [...values];
}

const TOO_MANY_TYPES: Rejection = {
  code: 'too_many_types',
  path: 'type',
  message: 'would be one more than the 1,000 types a tenant may have; put what varies into properties',
};

function beyondRetention({ retentionHorizon }: Head): Rejection {
  const horizon = new Date(retentionHorizon ?? 0).toISOString();
  return { code: 'beyond_retention', path: 'occurredAt', message: `lies before ${horizon}, where retention begins` };
}
