import type { Horizons, RetentionDays } from '@tidemark/database';
import { DAY_MS } from '../calendar/days.ts';

/** The horizons that a setting asks for at `now` (epoch ms): midnights of UTC, and never before those there are. */
export function toHorizons({ rawDays, rollupDays }: RetentionDays, current: Horizons, now: number): Horizons {
  return {
    rawFrom: later(current.rawFrom, daysBack(rawDays, now)),
    rollupsFrom: later(current.rollupsFrom, daysBack(rollupDays, now)),
  };
}

function daysBack(days: number | null, now: number): number | null {
  return days === null ? null : Math.floor((now - days * DAY_MS) / DAY_MS) * DAY_MS;
}

function later(one: number | null, other: number | null): number | null {
  if (one === null || other === null) return one ?? other;
  return Math.max(one, other);
}
