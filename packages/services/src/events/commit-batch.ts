import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  type Database,
  type EncodedEvents,
  encodeEvents,
  encodeKeys,
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
import type { Metrics } from '../telemetry/metrics.ts';
import { commitAsExpected } from './commit-as-expected.ts';
import { toDeltas } from './count-deltas.ts';
import { distinct } from './distinct.ts';
import type { EventTypes } from './event-types.ts';
import type { ExpectedHeads } from './expected-heads.ts';
import { giveOrdinals } from './give-ordinals.ts';
import { recordEvents } from './record-events.ts';
import { toUtcDays } from './to-utc-days.ts';
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
  readonly heads: ExpectedHeads;
  readonly metrics: Pick<Metrics, 'committed'>;
  readonly now: () => number;
  /** Gives the commit up when it aborts; nobody knows then what became of it. */
  readonly signal?: AbortSignal;
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
  return (await commitAsExpected(target, events, attempt)) ?? (await commitWithCare(target, events, attempt));
}

/** Stores a batch whatever the head is and whichever of its events are there already. */
async function commitWithCare(
  target: CommitTarget,
  events: readonly NewEvent[],
  attempt: Attempt,
): Promise<CommittedBatch> {
  const { database, tenantId, metrics, signal } = target;
  let remember = () => {};
  const committed = await withTenant(database.ingest, tenantId, { mode: 'write', signal }, async (transaction) => {
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
      target.heads.taken(tenantId, head, { users: stored.added, isWhole: fresh.size === events.length });
    };
    const settled = events.filter((_, place) => typeof outcomes[place] === 'string');
    attempt.prepared = { outcomes, place: { seq: head.seq, days: toUtcDays(settled) }, commit: stored.commit };
    return new Trailing(attempt.prepared, stored.last);
  });
  remember();
  metrics.committed('careful');
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
  /** How many users are new with them. */
  readonly added: number;
  readonly commit: CommittedBatch['commit'];
  /** The statements that are still under way. */
  readonly last: Promise<unknown>;
};

/** Stores what is not there yet and adds just that to the rollups. */
async function storeFresh(
  { transaction, head, typeIds, known, target }: Commit,
  encoded: EncodedEvents,
): Promise<Stored> {
  const { events } = encoded;
  const last = Promise.resolve();
  if (events.length === 0) return { fresh: [], ordinals: known, added: 0, commit: null, last };
  const { ordinals, added } = giveOrdinals(head, known, events);
  const [, fresh] = await Promise.all([
    insertUsers(transaction, head, added),
    insertEvents(transaction, encoded, ordinals),
  ]);
  const stored = { fresh, ordinals, added: added.length };
  if (fresh.length === 0) return { ...stored, commit: null, last };
  const commit = { seq: head.seq, committedAt: target.now(), days: toUtcDays(fresh) };
  const keys = fresh === events ? encoded.columns : encodeKeys(fresh);
  const deltas = toDeltas(fresh, { typeIds, ordinals }, target.calendars.of(head.calendar));
  return { ...stored, commit, last: recordEvents(transaction, { ...commit, keys }, deltas) };
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

const TOO_MANY_TYPES: Rejection = {
  code: 'too_many_types',
  path: 'type',
  message: 'would be one more than the 1,000 types a tenant may have; put what varies into properties',
};

function beyondRetention({ retentionHorizon }: Head): Rejection {
  const horizon = new Date(retentionHorizon ?? 0).toISOString();
  return { code: 'beyond_retention', path: 'occurredAt', message: `lies before ${horizon}, where retention begins` };
}
