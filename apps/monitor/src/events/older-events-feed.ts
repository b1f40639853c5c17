import type { Filters, Tenant } from '@tidemark/schemas';
import { useEffect } from 'react';
import type { Session } from '../connection/open-session.ts';
import { toFailure } from '../connection/to-failure.ts';
import type { EventsAction, EventsState } from './events-state.ts';
import { HELD_EVENTS, isNearTop } from './past.ts';

/** Some screens of events, and few enough to be there at once. */
const PAGE_EVENTS = 250;
/** Older than any event can be. */
const BEGINNING = '2000-01-01T00:00:00.000Z';
/** Asks for older events, a page at a time, whenever somebody scrolls up to the first that is kept. */
export function useOlderEventsFeed(
  session: Session,
  { tenant, filters }: { readonly tenant: Tenant; readonly filters: Filters },
  state: EventsState,
  dispatch: (action: EventsAction) => void,
): void {
  const { events, past } = state;
  const isWanted = past.phase === 'there' && isNearTop(state) && events.length < HELD_EVENTS;
  const cursor = past.phase === 'there' ? past.cursor : undefined;
  const oldest = events[0]?.occurredAt;
  useEffect(() => {
    if (!isWanted || oldest === undefined) return;
    const left = new AbortController();
    const { signal } = left;
    // Others may have happened in the same millisecond as the oldest: the list leaves out what it holds already.
    const to = new Date(Date.parse(oldest) + 1).toISOString();
    const from = cursor === undefined ? { from: BEGINNING, to } : { cursor };
    session
      .tidemarkOf(tenant)
      .events.list.query({ ...from, ...filters, limit: PAGE_EVENTS, order: 'desc' }, { signal })
      .then(
        ({ items, nextCursor }) => {
          if (!signal.aborted) dispatch({ type: 'olderListed', events: items.toReversed(), cursor: nextCursor });
        },
        (error: unknown) => {
          if (!signal.aborted) dispatch({ type: 'olderFailed', why: toFailure(error, session.url) });
        },
      );
    return () => left.abort();
  }, [session, tenant, filters, isWanted, oldest, cursor, dispatch]);
}
