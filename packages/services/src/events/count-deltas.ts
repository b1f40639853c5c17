import type { CountDelta, NewEvent, UserLogEntry } from '@tidemark/database';
import { DAY_MS, MINUTE_MS, QUARTER_MS } from '../calendar/days.ts';
import type { TenantCalendar } from '../calendar/tenant-calendar.ts';
import { type Cell, EventTally } from './event-tally.ts';

/** Minutes are read for this long … */
export const MINUTES_READ_MS = 7 * DAY_MS;
/** … and written for a day longer, so that whoever may read them finds them whole. */
export const MINUTES_KEPT_MS = 8 * DAY_MS;

/** What a commit adds to the rollups, each list sorted by key. */
export type Deltas = {
  readonly minute: readonly CountDelta[];
  readonly quarter: readonly CountDelta[];
  readonly day: readonly CountDelta[];
  readonly users: readonly UserLogEntry[];
};

/** The ids that a commit's types and users have. */
export type Ids = {
  readonly typeIds: ReadonlyMap<string, number>;
  readonly ordinals: ReadonlyMap<string, number>;
};

/** What the rollups know of an event. */
type CountedEvent = Pick<NewEvent, 'occurredAt' | 'type' | 'device' | 'userId'>;

/** Adds up events, newly stored or erased. `now` in epoch ms decides which are too old for minutes. */
export function toDeltas(
  events: readonly CountedEvent[],
  { typeIds, ordinals }: Ids,
  calendar: TenantCalendar,
  now: number,
): Deltas {
  const minutes = new EventTally(MINUTE_MS);
  const quarters = new EventTally(QUARTER_MS);
  for (const { occurredAt, type, device, userId } of events) {
    const cell = minutes.cellOf(occurredAt, need(typeIds, type), device);
    cell.events += 1;
    if (userId !== null) cell.ordinals.add(need(ordinals, userId));
  }
  const ofMinutes = minutes.toSorted();
  for (const { at, typeId, device, events: count, ordinals: users } of ofMinutes) {
    const cell = quarters.cellOf(at, typeId, device);
    cell.events += count;
    for (const ordinal of users) cell.ordinals.add(ordinal);
  }
  const ofQuarters = quarters.toSorted();
  return {
    minute: ofMinutes.filter(({ at }) => at + MINUTE_MS > now - MINUTES_KEPT_MS).map(toCount),
    quarter: ofQuarters.map(toCount),
    day: toDays(ofQuarters, calendar),
    users: ofQuarters
      .filter(({ ordinals: users }) => users.size > 0)
      .map(({ at, typeId, device, ordinals: users }) => ({ quarter: at, typeId, device, ordinals: [...users] })),
  };
}

/** All of a quarter-hour falls on one day, in every zone. */
function toDays(quarters: readonly Cell[], calendar: TenantCalendar): CountDelta[] {
  const days = new Map<string, CountDelta>();
  for (const { at, typeId, device, events } of quarters) {
    const day = calendar.days.dayOf(at);
    if (!calendar.hasDay(day)) continue;
    const key = `${day}:${typeId}:${device}`;
    days.set(key, { bucket: day, typeId, device, events: (days.get(key)?.events ?? 0) + events });
  }
  return [...days.values()].sort(
    (one, other) => compare(one.bucket, other.bucket) || one.typeId - other.typeId || one.device - other.device,
  );
}

function toCount({ at, typeId, device, events }: Cell): CountDelta {
  return { bucket: new Date(at).toISOString(), typeId, device, events };
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}

function need(ids: ReadonlyMap<string, number>, name: string): number {
  const id = ids.get(name);
  if (id === undefined) throw new Error(`no id was given to ${JSON.stringify(name)}`);
  return id;
}
