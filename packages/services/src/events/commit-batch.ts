import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  addCounts,
  appendCommit,
  appendUserLog,
  type Database,
  type EncodedEvents,
  encodeEvents,
  type Head,
  hasCommit,
  insertEvents,
  insertUsers,
  lockHead,
  type NewEvent,
  type TenantTransaction,
  Trailing,
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
    const locking = lockHead(transaction);
    const resolving = target.users.resolve(
      transaction,
      locking,
      distinct(events, ({ userId }) => userId).filter((userId) => userId !== null),
    );
    const [head, known, encoded] = await Promise.all([locking, resolving, encodeMeanwhile(events)]);
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
    const candidates = firstOfEachKey(encoded, outcomes);
    const isWhole = candidates.size === events.length;
    const stored = await storeFresh(
      { transaction, head, typeIds, known, target },
      isWhole ? encoded : encodeEvents([...candidates.values()]),
    );
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
    return new Trailing(attempt.prepared, stored.last);
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

/** When what was asked of the database is on its way there. */
async function encodeMeanwhile(events: readonly NewEvent[]): Promise<EncodedEvents> {
  await nextTurn();
  return encodeEvents(events);
}

type Commit = {
  readonly transaction: TenantTransaction;
  readonly head: Head;
  readonly typeIds: ReadonlyMap<string, number>;
  /** The ordinals of users that the tenant has. */
  readonly known: ReadonlyMap<string, number>;
  readonly target: CommitTarget;
};

type Stored = {
  /** The events that were new. */
  readonly fresh: readonly NewEvent[];
  readonly ordinals: ReadonlyMap<string, number>;
  readonly commit: CommittedBatch['commit'];
  /** The statements that are still under way. */
  readonly last: Promise<unknown>;
};

/** Stores what is not there yet and adds just that to the rollups. */
async function storeFresh(
  { transaction, head, typeIds, known, target: { calendars, now } }: Commit,
  encoded: EncodedEvents,
): Promise<Stored> {
  const { events } = encoded;
  const last = Promise.resolve();
  if (events.length === 0) return { fresh: [], ordinals: known, commit: null, last };
  const { ordinals, added } = giveOrdinals(head, known, events);
  const [, fresh] = await Promise.all([
    insertUsers(transaction, head, added),
    insertEvents(transaction, encoded, ordinals),
  ]);
  if (fresh.length === 0) return { fresh, ordinals, commit: null, last };

  const committedAt = now();
  const deltas = toDeltas(fresh, { typeIds, ordinals }, calendars.of(head.calendar));
  const commit = { seq: head.seq, committedAt, days: toDays(fresh) };
  const counts = [
    addCounts(transaction, 'quarter', deltas.quarter),
    addCounts(transaction, 'day', deltas.day),
    appendUserLog(transaction, head.seq, deltas.users),
    appendCommit(transaction, { ...commit, keys: fresh }),
  ];
  return { fresh, ordinals, commit, last: Promise.all(counts) };
}

/** The users that are new with these events, in their order, and the ordinals of all. */
function giveOrdinals(
  { nextOrdinal }: Head,
  known: ReadonlyMap<string, number>,
  events: readonly NewEvent[],
): { ordinals: ReadonlyMap<string, number>; added: readonly string[] } {
  const ordinals = new Map(known);
  const added: string[] = [];
  for (const { userId } of events) {
    if (userId === null || ordinals.has(userId)) continue;
    ordinals.set(userId, nextOrdinal + added.length);
    added.push(userId);
  }
  return { ordinals, added };
}

/** The events that may be new, by their place: of those with one key the first, whose payload wins. */
function firstOfEachKey({ events, hasTwins }: EncodedEvents, outcomes: readonly Outcome[]): Map<number, NewEvent> {
  const seen = new Set<string>();
  const firsts = new Map<number, NewEvent>();
  for (const [place, event] of events.entries()) {
    if (outcomes[place] !== 'duplicate') continue;
    if (hasTwins) {
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
