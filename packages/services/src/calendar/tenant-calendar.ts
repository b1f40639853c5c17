import type { RollupCalendar } from '@tidemark/database';
import { MINUTE_MS } from './days.ts';
import type { TenantDays } from './tenant-days.ts';

/** The calendar of a tenant's rollups as a transaction found it: where they meet, and how far back they do. */
export class TenantCalendar {
  readonly days: TenantDays;
  readonly #state: RollupCalendar;

  constructor(state: RollupCalendar, days: TenantDays) {
    this.#state = state;
    this.days = days;
  }

  /** Whether rows of this day are kept: older ones wait for their conversion, and nobody reads them. */
  hasDay(day: string): boolean {
    const { daysFrom } = this.#state;
    return daysFrom === null || day >= daysFrom;
  }

  /** The whole days inside `[from, to)` that have rows, or undefined where there is none. */
  wholeDaysIn(from: number, to: number): ReturnType<TenantDays['wholeDaysIn']> {
    const { daysFrom } = this.#state;
    const whole = this.days.wholeDaysIn(from, to);
    if (whole === undefined || daysFrom === null || whole.fromDay >= daysFrom) return whole;
    return whole.toDay > daysFrom ? { ...whole, fromDay: daysFrom, from: this.days.startOf(daysFrom) } : undefined;
  }

  /** How much time (ms) the fine user set holds that an instant (epoch ms) belongs to. */
  setMsAt(instant: number): number {
    const { setMinutes, quarterSetsFrom } = this.#state;
    return (quarterSetsFrom !== null && instant < quarterSetsFrom ? 60 : setMinutes) * MINUTE_MS;
  }

  /** Whether fine user sets begin at `from` and end at `to`, so that a day is a union of them. */
  isMetBySets(from: number, to: number): boolean {
    return from % this.setMsAt(from) === 0 && to % this.setMsAt(to - 1) === 0;
  }

  /** Parts of `[from, to)` within which all fine user sets hold the same time. */
  cutBySets(from: number, to: number): { from: number; to: number; setMs: number }[] {
    const edge = this.#state.quarterSetsFrom;
    const edges = edge !== null && from < edge && edge < to ? [from, edge, to] : [from, to];
    return edges.slice(1).map((end, index) => {
      const start = edges[index] ?? end;
      return { from: start, to: end, setMs: this.setMsAt(start) };
    });
  }
}
