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
  for (const { quarter, typeId, device, ordinals } of entries) {
    const grainMs = calendar.setMsAt(quarter);
    const bucket = new Date(Math.floor(quarter / grainMs) * grainMs).toISOString();
    const date = calendar.days.dayOf(quarter);
    const hasDay = calendar.hasDay(date);
    for (const type of [typeId, ANY]) {
      for (const kind of [device, ANY]) {
        hour.add({ bucket, typeId: type, device: kind }, ordinals);
        if (hasDay) day.add({ bucket: date, typeId: type, device: kind }, ordinals);
      }
    }
  }
  return { hour: hour.toSorted(), day: day.toSorted() };
}

type SetKey = Pick<UserSetDelta, 'bucket' | 'typeId' | 'device'>;

/** Users per set and chunk. */
class SetTally {
  readonly #sets = new Map<string, SetKey & { readonly chunks: Map<number, number[]> }>();

  add({ bucket, typeId, device }: SetKey, ordinals: readonly number[]): void {
    const key = `${bucket}:${typeId}:${device}`;
    const set = this.#sets.get(key) ?? { bucket, typeId, device, chunks: new Map<number, number[]>() };
    this.#sets.set(key, set);
    for (const ordinal of ordinals) {
      const chunk = Math.floor(ordinal / CHUNK_SIZE);
      const positions = set.chunks.get(chunk);
      if (positions === undefined) set.chunks.set(chunk, [ordinal % CHUNK_SIZE]);
      else positions.push(ordinal % CHUNK_SIZE);
    }
  }

  toSorted(): UserSetDelta[] {
    return [...this.#sets.values()]
      .flatMap(({ chunks, ...key }) =>
        Array.from(chunks, ([chunk, positions]) => ({ ...key, chunk, members: toDistinct(positions) })),
      )
      .sort(
        (one, other) =>
          one.typeId - other.typeId ||
          one.device - other.device ||
          (one.bucket < other.bucket ? -1 : Number(one.bucket > other.bucket)) ||
          one.chunk - other.chunk,
      );
  }
}

/** Sorted, each once; sorting numbers as such is what typed arrays are quick at. */
function toDistinct(positions: readonly number[]): Uint16Array {
  return Uint16Array.from(positions)
    .sort()
    .filter((position, index, sorted) => index === 0 || position !== sorted[index - 1]);
}
