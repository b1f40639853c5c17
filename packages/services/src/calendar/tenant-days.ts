import { dayOf, QUARTER_MS, startOfDay } from './days.ts';

/** Quarter-hours, and days, remembered at once: 180 days of the former. */
const MAX_REMEMBERED = 17_280;

/**
 * The calendar days of one zone, for placing many events. All instants of a UTC quarter-hour fall on the
 * same day, so each quarter-hour is asked of the calendar once.
 */
export class TenantDays {
  readonly timeZone: string;
  readonly #days = new Map<number, string>();
  readonly #starts = new Map<string, number>();

  constructor(timeZone: string) {
    this.timeZone = timeZone;
  }

  /** The day, as `YYYY-MM-DD`, that an instant (epoch ms) belongs to. */
  dayOf(epochMs: number): string {
    const quarter = Math.floor(epochMs / QUARTER_MS);
    const known = this.#days.get(quarter);
    if (known !== undefined) return known;
    return remember(this.#days, quarter, dayOf(quarter * QUARTER_MS, this.timeZone).toString());
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
    const known = this.#starts.get(day);
    if (known !== undefined) return known;
    return remember(this.#starts, day, startOfDay(Temporal.PlainDate.from(day), this.timeZone));
  }

  /** The whole days inside `[from, to)`, or undefined where there is none. */
  wholeDaysIn(from: number, to: number): { fromDay: string; toDay: string; from: number; to: number } | undefined {
    const fromDay = this.firstWholeDay(from);
    const toDay = this.dayOf(to);
    const whole = { fromDay, toDay, from: this.startOf(fromDay), to: this.startOf(toDay) };
    return whole.from < whole.to ? whole : undefined;
  }
}

function remember<Key, Value>(known: Map<Key, Value>, key: Key, value: Value): Value {
  if (known.size >= MAX_REMEMBERED) known.clear();
  known.set(key, value);
  return value;
}

function dayAfter(day: string): string {
  return Temporal.PlainDate.from(day).add({ days: 1 }).toString();
}
