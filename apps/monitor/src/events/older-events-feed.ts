import type { Filters, Tenant } from '@tidemark/schemas';
import { useEffect } from 'react';
import type { Session } from '../connection/open-session.ts';
import { toFailure } from '../connection/to-failure.ts';
import type { EventsAction, EventsState } from './events-state.ts';
import { listOlder } from './list-older.ts';
import { HELD_EVENTS, isNearTop } from './past.ts';

/** Some screens of events, and few enough to be there at once. */
const PAGE_EVENTS = 250;

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
    const tidemark = session.tidemarkOf(tenant);
    const question = { ...filters, limit: PAGE_EVENTS, order: 'desc' } as const;
    // Others may have happened in the same millisecond as the oldest: the list leaves out what it holds already.
    const to = new Date(Date.parse(oldest) + 1).toISOString();
    const page =
      cursor === undefined
        ? listOlder(tidemark, { ...question, to }, signal)
        : tidemark.events.list.query({ ...question, cursor }, { signal });
    page.then(
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
