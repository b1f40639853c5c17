import type { Summary } from '@tidemark/schemas';

/** How many events of a bucket came after it was over, by the bucket's start. */
export type LateEvents = ReadonlyMap<string, number>;

export const NO_LATE_EVENTS: LateEvents = new Map();

/** Senders gather events for a moment: what comes within this of its bucket's end is not called late. */
const GRACE_MS = 60_000;

/**
 * What a newer answer has in buckets that were over when an exact one was made: events that came late. An answer of
 * other buckets, or one that was itself behind, tells nothing.
 */
export function addLateEvents(late: LateEvents, before: Summary | null, after: Summary): LateEvents {
  if (before === null || before.meta.timeZone !== after.meta.timeZone) return NO_LATE_EVENTS;
  if (!before.meta.exact || !after.meta.exact) return late;
  const over = Date.parse(before.meta.asOf) - GRACE_MS;
  const known = new Map(before.series.map((bucket) => [`${bucket.start} ${bucket.end}`, bucket]));
  const next = new Map<string, number>();
  for (const { start, end, events } of after.series) {
    const old = known.get(`${start} ${end}`);
    const more = old !== undefined && Date.parse(end) <= over ? Math.max(0, events - old.events) : 0;
    const sum = more + (late.get(start) ?? 0);
    if (sum > 0) next.set(start, sum);
  }
  return next;
}
