import type { CountDelta, NewEvent, UserLogEntry } from '@tidemark/database';
import { QUARTER_MS } from '../calendar/days.ts';
import type { TenantCalendar } from '../calendar/tenant-calendar.ts';
import { type Cell, EventTally } from './event-tally.ts';

/** What a commit adds to the rollups, each list sorted by key. */
export type Deltas = {
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

/** Adds up events, newly stored or erased. */
export function toDeltas(
  events: readonly CountedEvent[],
  { typeIds, ordinals }: Ids,
  calendar: TenantCalendar,
): Deltas {
  const quarters = new EventTally(QUARTER_MS);
  for (const { occurredAt, type, device, userId } of events) {
    const cell = quarters.cellOf(occurredAt, need(typeIds, type), device);
    cell.events += 1;
    if (userId !== null) cell.ordinals.add(need(ordinals, userId));
  }
  const ofQuarters = quarters.toSorted();
  return {
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
