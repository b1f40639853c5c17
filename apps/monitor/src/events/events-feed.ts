import type { Event, Filters, Tenant } from '@tidemark/schemas';
import { useEffect } from 'react';
import { linkCallbacks } from '../connection/link-callbacks.ts';
import type { Session } from '../connection/open-session.ts';
import type { EventsAction } from './events-state.ts';

type Dispatch = (action: EventsAction) => void;

/** More than an eye follows; the server counts what is beyond it. */
export const MAX_PER_SECOND = 20;
/** How often the list changes at most: an eye reads no faster, and drawing is what a monitor costs. */
const GATHER_MS = 400;
/** What one can scroll back to from the first moment. */
const LISTED = 100;

/** Feeds the tail for as long as it is shown: what was stored last, then what comes. */
export function useEventsFeed(session: Session, tenant: Tenant, filters: Filters, dispatch: Dispatch): void {
  useEffect(() => {
    const left = new AbortController();
    const tidemark = session.tidemarkOf(tenant);
    const { signal } = left;
    const gathered = gather((events, skipped) => dispatch({ type: 'arrived', events, skipped, at: Date.now() }));
    const { unsubscribe } = tidemark.events.tail.subscribe(
      { ...filters, maxPerSecond: MAX_PER_SECOND },
      {
        ...linkCallbacks(session.url, dispatch),
        onData({ data }) {
          if ('event' in data) gathered.add([data.event], 0);
          else gathered.add([], data.skipped);
        },
      },
    );
    tidemark.events.list.query({ ...filters, limit: LISTED, order: 'desc' }, { signal }).then(
      ({ items }) => {
        if (!signal.aborted) dispatch({ type: 'listed', events: items.toReversed() });
      },
      // The stream says what is wrong, and comes back; without a past to scroll to the tail is still one.
      () => {},
    );
    return () => {
      left.abort();
      unsubscribe();
      gathered.stop();
    };
  }, [session, tenant, filters, dispatch]);
}

/** Hands over what came, the first at once and then at most so often. */
function gather(hand: (events: readonly Event[], skipped: number) => void) {
  let events: Event[] = [];
  let skipped = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = () => {
    timer = undefined;
    hand(events, skipped);
    events = [];
    skipped = 0;
  };
  return {
    add(more: readonly Event[], left: number): void {
      events.push(...more);
      skipped += left;
      timer ??= setTimeout(flush, GATHER_MS);
    },
    stop: () => clearTimeout(timer),
  };
}
