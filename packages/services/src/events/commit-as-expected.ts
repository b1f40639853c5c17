import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  assertHead,
  type ExpectedHead,
  encodeEvents,
  findUsers,
  insertNewEvents,
  insertUsers,
  lockHead,
  type NewEvent,
  Trailing,
  toFault,
  withTenant,
} from '@tidemark/database';
import type { Attempt, CommitTarget, CommittedBatch } from './commit-batch.ts';
import { toDeltas } from './count-deltas.ts';
import { distinct } from './distinct.ts';
import { giveOrdinals } from './give-ordinals.ts';
import { recordEvents } from './record-events.ts';
import { toUtcDays } from './to-utc-days.ts';

/** What a batch is worked out on before the head's lock is taken. */
type Plan = {
  readonly head: ExpectedHead;
  readonly typeIds: ReadonlyMap<string, number>;
  /** The ordinals of users who are remembered, and who is to be looked up. */
  readonly known: ReadonlyMap<string, number>;
  readonly unknown: readonly string[];
};

/**
 * Stores a batch on the guess that the tenant's head is as this server left it and every event is new: all statements
 * are sent at once, COMMIT included, and fail where either is not so. Undefined where no guess is to be made or it was
 * wrong: then nothing was stored, and the batch has to be stored with care.
 */
export async function commitAsExpected(
  target: CommitTarget,
  events: readonly NewEvent[],
  attempt: Attempt,
): Promise<CommittedBatch | undefined> {
  const plan = attempt.prepared === undefined ? toPlan(target, events) : undefined;
  if (plan === undefined) return undefined;
  try {
    return await commitPlan(target, plan, events, attempt);
  } catch (error) {
    target.heads.missed(target.tenantId);
    target.metrics.committed('missed');
    if (toFault(error) !== 'data') throw error;
    attempt.prepared = undefined;
    return undefined;
  }
}

function toPlan({ tenantId, heads, types, users }: CommitTarget, events: readonly NewEvent[]): Plan | undefined {
  const head = heads.expect(tenantId);
  if (head === undefined) return undefined;
  const { retentionHorizon, usersEpoch } = head;
  if (retentionHorizon !== null && events.some(({ occurredAt }) => occurredAt < retentionHorizon)) return undefined;
  const typeIds = types.recall(
    tenantId,
    distinct(events, ({ type }) => type),
  );
  if (typeIds === undefined) return undefined;
  const userIds = distinct(events, ({ userId }) => userId).filter((userId) => userId !== null);
  const recalled = users.recall(tenantId, userIds);
  const known = recalled.usersEpoch === usersEpoch ? recalled.ordinals : new Map<string, number>();
  return { head, typeIds, known, unknown: userIds.filter((userId) => !known.has(userId)) };
}

async function commitPlan(
  target: CommitTarget,
  { head, typeIds, known, unknown }: Plan,
  events: readonly NewEvent[],
  attempt: Attempt,
): Promise<CommittedBatch> {
  const { database, tenantId, calendars, heads, users, metrics, now, signal } = target;
  let remember = () => {};
  const committed = await withTenant(database.ingest, tenantId, { mode: 'write', signal }, async (transaction) => {
    // Before the lock, where nobody waits for them. Who is added meanwhile makes the head another one.
    const found = unknown.length === 0 ? known : new Map([...known, ...(await findUsers(transaction, unknown))]);
    const { ordinals, added } = giveOrdinals(head, found, events);
    // Before anything is sent: a value that cannot be stored throws.
    const encoded = encodeEvents(events);
    const stored = Promise.all([
      lockHead(transaction),
      assertHead(transaction, head),
      insertUsers(transaction, head, added),
      insertNewEvents(transaction, encoded, ordinals),
    ]);
    const deltas = await meanwhile(stored, () => toDeltas(events, { typeIds, ordinals }, calendars.of(head.calendar)));
    const commit = { seq: head.seq, committedAt: now(), days: toUtcDays(events) };
    const recorded = recordEvents(transaction, { ...commit, keys: encoded.columns }, deltas);
    remember = () => {
      users.remember(tenantId, head, ordinals);
      heads.taken(tenantId, head, { users: added.length, isWhole: true });
    };
    attempt.prepared = { outcomes: events.map(() => 'accepted'), place: { seq: head.seq, days: commit.days }, commit };
    return new Trailing(attempt.prepared, Promise.all([stored, recorded]));
  });
  remember();
  metrics.committed('as_expected');
  return committed;
}

/** Works something out while the database is busy with what was sent; throws only when that has ended. */
async function meanwhile<Value>(sent: Promise<unknown>, work: () => Value): Promise<Value> {
  const ended = sent.catch(() => {});
  await nextTurn();
  try {
    return work();
  } catch (error) {
    await ended;
    throw error;
  }
}
