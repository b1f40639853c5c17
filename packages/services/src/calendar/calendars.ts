import type { RollupCalendar } from '@tidemark/database';
import { LRUCache } from 'lru-cache';
import { TenantCalendar } from './tenant-calendar.ts';
import { TenantDays } from './tenant-days.ts';

/** Zones remembered at once; there are about 600 in all. */
const MAX_ZONES = 200;

/** The calendars in use, the days of each zone remembered once per process. */
export class Calendars {
  readonly #days = new LRUCache<string, TenantDays>({ max: MAX_ZONES });

  /** The calendar that a transaction found at the tenant's head. */
  of(state: RollupCalendar): TenantCalendar {
    return new TenantCalendar(state, this.#daysOf(state.timeZone));
  }

  #daysOf(timeZone: string): TenantDays {
    const known = this.#days.get(timeZone);
    if (known !== undefined) return known;
    const days = new TenantDays(timeZone);
    this.#days.set(timeZone, days);
    return days;
  }
}
