import type { CountDelta, NewEvent, UserLogEntry } from '@tidemark/database';
import { DAY_MS, MINUTE_MS, QUARTER_MS } from '../calendar/days.ts';
import type { TenantCalendar } from '../calendar/tenant-calendar.ts';

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

/** Adds up newly stored events. `now` in epoch ms decides which are too old for minutes. */
export function toDeltas(
  events: readonly NewEvent[],
  { typeIds, ordinals }: Ids,
  calendar: TenantCalendar,
  now: number,
): Deltas {
  const minute = new Tally();
  const quarter = new Tally();
  const day = new Tally();
  const users = new Map<string, UserLogEntry>();
  for (const { occurredAt, type, device, userId } of events) {
    const typeId = need(typeIds, type);
    const quarterAt = occurredAt - modulo(occurredAt, QUARTER_MS);
    if (occurredAt >= now - MINUTES_KEPT_MS) {
      minute.add(toIso(occurredAt - modulo(occurredAt, MINUTE_MS)), typeId, device);
    }
    quarter.add(toIso(quarterAt), typeId, device);
    const date = calendar.days.dayOf(occurredAt);
    if (calendar.hasDay(date)) day.add(date, typeId, device);
    if (userId !== null) {
      const entry = { quarter: quarterAt, typeId, device, ordinal: need(ordinals, userId) };
      users.set(`${quarterAt}:${typeId}:${device}:${entry.ordinal}`, entry);
    }
  }
  return { minute: minute.toSorted(), quarter: quarter.toSorted(), day: day.toSorted(), users: [...users.values()] };
}

/** Events per cell. */
class Tally {
  readonly #cells = new Map<string, CountDelta>();

  add(bucket: string, typeId: number, device: number): void {
    const key = `${bucket}:${typeId}:${device}`;
    const events = (this.#cells.get(key)?.events ?? 0) + 1;
    this.#cells.set(key, { bucket, typeId, device, events });
  }

  toSorted(): CountDelta[] {
    return [...this.#cells.values()].sort(
      (one, other) => compare(one.bucket, other.bucket) || one.typeId - other.typeId || one.device - other.device,
    );
  }
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}

function need(ids: ReadonlyMap<string, number>, name: string): number {
  const id = ids.get(name);
  if (id === undefined) throw new Error(`no id was given to ${JSON.stringify(name)}`);
  return id;
}

/** The remainder as a place in the cycle, also before 1970. */
function modulo(value: number, step: number): number {
  return ((value % step) + step) % step;
}

function toIso(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
