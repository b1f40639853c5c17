import type { RollupCalendar } from '@tidemark/database';
import { DAY_MS, dayOf, HOUR_MS } from '../calendar/days.ts';
import { toSetMinutes } from '../calendar/set-minutes.ts';

/** Past every event there can be: they lie a day ahead at most, and a zone's date another. */
const AHEAD_MS = 3 * DAY_MS;

/**
 * What a tenant's calendar becomes the moment its zone changes: everything stored waits for its conversion. Sets
 * only ever get finer: those by the quarter-hour serve every zone.
 */
export function moveCalendar({ setMinutes }: RollupCalendar, timeZone: string, now: number): Partial<RollupCalendar> {
  const ahead = now + AHEAD_MS;
  const isFinerNow = toSetMinutes(timeZone, now) < setMinutes;
  return {
    timeZone,
    daysFrom: dayOf(ahead, timeZone).toString(),
    ...(isFinerNow && { setMinutes: 15, quarterSetsFrom: Math.floor(ahead / HOUR_MS) * HOUR_MS }),
  };
}
