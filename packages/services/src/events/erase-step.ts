import {
  ANY,
  appendCommit,
  awaitFold,
  blankCommitKeys,
  clearDaySets,
  clearFineSets,
  clearUserLog,
  DEVICE_CODES,
  deleteUser,
  deleteUserEvents,
  deleteUserEventsBefore,
  type ErasedEvent,
  encodeKeys,
  findUserOrdinal,
  type Head,
  listBusyHours,
  listEventTypes,
  listUserTimes,
  listUserTraces,
  lockHead,
  lowerCounts,
  readHorizons,
  type Stretch,
  type TenantTransaction,
  type UserTrace,
  withTenant,
} from '@tidemark/database';
import { HOUR_MS } from '../calendar/days.ts';
import type { TenantCalendar } from '../calendar/tenant-calendar.ts';
import type { Resources } from '../resources.ts';
import type { Announced } from './announce-commit.ts';
import { toDeltas } from './count-deltas.ts';

/** What one step takes on while ingest of the tenant waits: a fraction of a second of work. */
const MAX_STEP_EVENTS = 2_000;
const MAX_STEP_SETS = 24;
/** Events of anyone in the hours that a step looks through. */
const MAX_SCANNED_EVENTS = 200_000;

export type ErasureStep = {
  readonly state: 'more' | 'erased' | 'unknown';
  readonly events: number;
  readonly announced?: Announced;
};

export type ErasureOptions = {
  readonly maxEvents?: number;
  readonly maxSets?: number;
  /** Gives the step up when it aborts. */
  readonly signal?: AbortSignal;
};

/**
 * Erases some of a user's events under the locks of the fold and the head, and with the last of them the user.
 * Every number is right after each step: what is deleted is taken from the counts, and the user from each set that
 * no event of theirs is left for.
 */
export async function eraseStep(
  { database, calendars, clock }: Pick<Resources, 'database' | 'calendars' | 'clock'>,
  tenantId: string,
  userId: string,
  { maxEvents = MAX_STEP_EVENTS, maxSets = MAX_STEP_SETS, signal }: ErasureOptions = {},
): Promise<ErasureStep> {
  return await withTenant(database.ingest, tenantId, { mode: 'write', signal }, async (transaction) => {
    await awaitFold(transaction);
    const head = await lockHead(transaction);
    const ordinal = await findUserOrdinal(transaction, userId);
    if (ordinal === undefined) return { state: 'unknown', events: 0 };
    const calendar = calendars.of(head.calendar);
    const { rawFrom } = await readHorizons(transaction);
    const times = await listUserTimes(transaction, ordinal, { from: rawFrom ?? 0, limit: maxSets + 1 });
    const all = toStretches(times, calendar).slice(0, maxSets);
    const stretches = await chooseStretches(transaction, all);
    const found = { transaction, head, calendar, ordinal, stretches };
    const { erased, hasMore } = await eraseWithin(found, maxEvents);
    const announced = erased.length > 0 ? await takeFromCounts({ ...found, erased }, clock()) : undefined;
    const step = { events: erased.length, ...(announced !== undefined && { announced }) };
    if (hasMore || times.length > maxSets || stretches.length < all.length) return { ...step, state: 'more' };
    const beyond = rawFrom === null ? 0 : await deleteUserEventsBefore(transaction, ordinal, rawFrom);
    await deleteUser(transaction, ordinal);
    return { ...step, state: 'erased', events: erased.length + beyond };
  });
}

/** What a step looks through: fine sets that the user is in. */
type Found = {
  readonly transaction: TenantTransaction;
  readonly head: Head;
  readonly calendar: TenantCalendar;
  readonly ordinal: number;
  readonly stretches: readonly Stretch[];
};

/** Deletes events, and takes the user from the sets that none is left for; says whether some are. */
async function eraseWithin(found: Found, limit: number): Promise<{ erased: ErasedEvent[]; hasMore: boolean }> {
  const { transaction, ordinal, stretches } = found;
  if (stretches.length === 0) return { erased: [], hasMore: false };
  const erased = await deleteUserEvents(transaction, ordinal, { stretches, limit });
  const kept = erased.length < limit ? [] : await listUserTraces(transaction, ordinal, stretches);
  await clearSets(found, kept);
  return { erased, hasMore: kept.length > 0 };
}

/** The fine sets that hold these times, each once, oldest first. */
function toStretches(times: readonly number[], calendar: TenantCalendar): Stretch[] {
  const stretches = new Map<number, Stretch>();
  for (const time of times) {
    const setMs = calendar.setMsAt(time);
    const from = Math.floor(time / setMs) * setMs;
    stretches.set(from, { from, to: from + setMs });
  }
  return [...stretches.values()].sort((one, other) => one.from - other.from);
}

/** As many of the stretches as can be looked through at once, at least one. */
async function chooseStretches(transaction: TenantTransaction, stretches: readonly Stretch[]): Promise<Stretch[]> {
  const chosen: Stretch[] = [];
  let scanned = 0;
  for (const stretch of stretches) {
    const from = Math.floor(stretch.from / HOUR_MS) * HOUR_MS;
    for (const { events } of await listBusyHours(transaction, { from, to: from + HOUR_MS })) scanned += events;
    if (chosen.length > 0 && scanned > MAX_SCANNED_EVENTS) break;
    chosen.push(stretch);
  }
  return chosen;
}

async function clearSets(
  { transaction, calendar, ordinal, stretches }: Found,
  kept: readonly UserTrace[],
): Promise<void> {
  const typeIds = await listEventTypes(transaction);
  const kinds = { typeIds: [ANY, ...typeIds.values()], devices: [ANY, ...DEVICE_CODES] };
  const keptSets = kept.flatMap(({ quarter, typeId, device }) => {
    const setMs = calendar.setMsAt(quarter);
    const bucket = Math.floor(quarter / setMs) * setMs;
    return [typeId, ANY].flatMap((type) => [device, ANY].map((kind) => ({ bucket, typeId: type, device: kind })));
  });
  const buckets = stretches.map(({ from }) => from);
  await clearUserLog(transaction, ordinal, { stretches, kept });
  await clearFineSets(transaction, ordinal, { buckets, kinds, kept: keptSets });
  // A fine set may lie on two days.
  const days = new Set(stretches.flatMap(({ from, to }) => [calendar.days.dayOf(from), calendar.days.dayOf(to - 1)]));
  await clearDaySets(transaction, ordinal, {
    days: [...days].filter((day) => calendar.hasDay(day)).map((day) => ({ day, ...calendar.days.stretchOf(day) })),
    kinds,
  });
}

async function takeFromCounts(
  { transaction, head, calendar, erased }: Found & { readonly erased: readonly ErasedEvent[] },
  now: number,
): Promise<Announced> {
  const typeIds = await listEventTypes(transaction);
  const anonymous = erased.map((event) => ({ ...event, userId: null }));
  const deltas = toDeltas(anonymous, { typeIds, ordinals: new Map() }, calendar);
  await lowerCounts(transaction, 'quarter', deltas.quarter);
  await lowerCounts(transaction, 'day', deltas.day);
  const days = [...new Set(erased.map(({ occurredAt }) => new Date(occurredAt).toISOString().slice(0, 10)))].sort();
  const since = Math.min(...erased.map(({ receivedAt }) => receivedAt));
  await blankCommitKeys(transaction, erased, { since, days });
  await appendCommit(transaction, { seq: head.seq, committedAt: now, days, keys: encodeKeys([]) });
  return { seq: head.seq, days };
}
