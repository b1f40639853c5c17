import type { CommittedPage } from '@tidemark/database';
import type { Filters } from '@tidemark/schemas';
import { canonicalFilters } from '../cache/canonical-filters.ts';
import { canonicalJson } from '../canonical-json.ts';
import type { TailPlace, TenantTail } from '../live/tenant-tail.ts';
import { withPatience } from '../live/with-patience.ts';

/**
 * The pages behind a place as they are asked for, until the signal aborts; once it has caught up, an empty one
 * each second in which nothing was committed, so that its reader can look around.
 */
export async function* followCommits(
  tail: TenantTail,
  filters: Filters,
  from: TailPlace,
  signal: AbortSignal,
): AsyncGenerator<Pick<CommittedPage, 'events' | 'end'>> {
  const filtersKey = canonicalJson(canonicalFilters(filters));
  let place = from;
  while (!signal.aborted) {
    await tail.untilBeyond(place.readTo, signal);
    if (tail.head <= place.readTo) {
      yield { events: [], end: place.after };
    } else {
      const { events, end, readTo } = await withPatience(() => tail.read(filters, filtersKey, place), signal);
      place = { after: end, readTo };
      yield { events, end };
    }
  }
}
