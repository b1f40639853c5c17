import { ANY, CHUNK_SIZE, type SetLevel, type UserLogEntry, type UserSetDelta } from '@tidemark/database';
import type { TenantCalendar } from '../calendar/tenant-calendar.ts';

/**
 * What log entries add to the user sets of both levels, sorted by key. Each user goes into four sets: the
 * type's on the device, the type's, the device's, and everyone's, so that a reader unites few of them and
 * never has to intersect.
 */
export function toSetDeltas(
  entries: readonly UserLogEntry[],
  calendar: TenantCalendar,
): Record<SetLevel, UserSetDelta[]> {
  const hour = new SetTally();
  const day = new SetTally();
  for (const { quarter, typeId, device, ordinal } of entries) {
    const grainMs = calendar.setMsAt(quarter);
    const bucket = new Date(Math.floor(quarter / grainMs) * grainMs).toISOString();
    const date = calendar.days.dayOf(quarter);
    const hasDay = calendar.hasDay(date);
    for (const type of [typeId, ANY]) {
      for (const kind of [device, ANY]) {
        hour.add(bucket, type, kind, ordinal);
        if (hasDay) day.add(date, type, kind, ordinal);
      }
    }
  }
  return { hour: hour.toSorted(), day: day.toSorted() };
}

type Cell = Omit<UserSetDelta, 'members'> & { readonly positions: Set<number> };

/** Users per set and chunk. */
class SetTally {
  readonly #cells = new Map<string, Cell>();

  add(bucket: string, typeId: number, device: number, ordinal: number): void {
    const chunk = Math.floor(ordinal / CHUNK_SIZE);
    const key = `${bucket}:${typeId}:${device}:${chunk}`;
    let cell = this.#cells.get(key);
    if (cell === undefined) {
      cell = { bucket, typeId, device, chunk, positions: new Set() };
      this.#cells.set(key, cell);
    }
    cell.positions.add(ordinal % CHUNK_SIZE);
  }

  toSorted(): UserSetDelta[] {
    return [...this.#cells.values()]
      .map(({ positions, ...cell }) => ({ ...cell, members: [...positions].sort((one, other) => one - other) }))
      .sort(
        (one, other) =>
          one.typeId - other.typeId ||
          one.device - other.device ||
          (one.bucket < other.bucket ? -1 : Number(one.bucket > other.bucket)) ||
          one.chunk - other.chunk,
      );
  }
}
