import { LRUCache } from 'lru-cache';
import { TenantDays } from './tenant-days.ts';

/** Zones remembered at once; there are about 600 in all. */
const MAX_ZONES = 200;

/** The calendars in use, one per zone and process. */
export class Calendars {
  readonly #days = new LRUCache<string, TenantDays>({ max: MAX_ZONES });

  daysOf(timeZone: string): TenantDays {
    const known = this.#days.get(timeZone);
    if (known !== undefined) return known;
    const days = new TenantDays(timeZone);
    this.#days.set(timeZone, days);
    return days;
  }
}
