import { dayOf, QUARTER_MS, startOfDay } from './days.ts';

/** Quarter-hours remembered at once: 180 days of them. */
const MAX_REMEMBERED = 17_280;

/**
 * The calendar days of one zone, for placing many events. All instants of a UTC quarter-hour fall on the
 * same day, so each quarter-hour is asked of the calendar once.
 */
export class TenantDays {
  readonly timeZone: string;
  readonly #days = new Map<number, string>();

  constructor(timeZone: string) {
    this.timeZone = timeZone;
  }

  /** The day, as `YYYY-MM-DD`, that an instant (epoch ms) belongs to. */
  dayOf(epochMs: number): string {
    const quarter = Math.floor(epochMs / QUARTER_MS);
    const known = this.#days.get(quarter);
    if (known !== undefined) return known;
    const day = dayOf(quarter * QUARTER_MS, this.timeZone).toString();
    if (this.#days.size >= MAX_REMEMBERED) this.#days.clear();
    this.#days.set(quarter, day);
    return day;
  }

  /** From when to when (epoch ms) a day lasts. */
  stretchOf(day: string): { from: number; to: number } {
    return { from: this.startOf(day), to: this.startOf(dayAfter(day)) };
  }

  /** The first day that begins at an instant (epoch ms) or after. */
  firstWholeDay(instant: number): string {
    const day = this.dayOf(instant);
    return this.startOf(day) >= instant ? day : dayAfter(day);
  }

  /** The instant (epoch ms) at which a day, as `YYYY-MM-DD`, begins. */
  startOf(day: string): number {
    return startOfDay(Temporal.PlainDate.from(day), this.timeZone);
  }

  /** The whole days inside `[from, to)`, or undefined where there is none. */
  wholeDaysIn(from: number, to: number): { fromDay: string; toDay: string; from: number; to: number } | undefined {
    const first = dayOf(from, this.timeZone);
    const fromDay = startOfDay(first, this.timeZone) === from ? first : first.add({ days: 1 });
    const toDay = dayOf(to, this.timeZone);
    const fromStart = startOfDay(fromDay, this.timeZone);
    const toStart = startOfDay(toDay, this.timeZone);
    if (fromStart >= toStart) return undefined;
    return { fromDay: fromDay.toString(), toDay: toDay.toString(), from: fromStart, to: toStart };
  }
}

function dayAfter(day: string): string {
  return Temporal.PlainDate.from(day).add({ days: 1 }).toString();
}
