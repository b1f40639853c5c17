import type { Tidemark } from '@tidemark/client';
import type { Event, Filters, Tenant } from '@tidemark/schemas';
import { useEffect } from 'react';
import type { LinkAction } from '../connection/link.ts';
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
    const confirmation = confirm(tidemark, (at) => dispatch({ type: 'confirmed', at }));
    const onLink = (action: LinkAction) => {
      // What came before the drop must not look like the return from it.
      gathered.settle();
      confirmation.stop();
      dispatch(action);
    };
    const { unsubscribe } = tidemark.events.tail.subscribe(
      { ...filters, maxPerSecond: MAX_PER_SECOND },
      {
        ...linkCallbacks(session.url, onLink),
        onStarted: confirmation.begin,
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
      confirmation.stop();
    };
  }, [session, tenant, filters, dispatch]);
}

/**
 * A stream that is resumed says nothing until something is stored, and an open one may have a database behind it that is
 * away. So each time it opens a small question is asked, whose answer shows that all of it is back.
 */
function confirm(tidemark: Tidemark, onAnswer: (at: number) => void) {
  let asking = new AbortController();
  return {
    begin(): void {
      asking.abort();
      asking = new AbortController();
      const { signal } = asking;
      tidemark.events.list.query({ limit: 1 }, { signal }).then(
        () => {
          if (!signal.aborted) onAnswer(Date.now());
        },
        // What the stream itself says next, an event or a refusal, decides.
        () => {},
      );
    },
    stop: () => asking.abort(),
  };
}

/** Hands over what came, the first at once and then at most so often. */
function gather(hand: (events: readonly Event[], skipped: number) => void) {
  let events: Event[] = [];
  let skipped = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = () => {
    clearTimeout(timer);
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
    /** Hands over now what would be handed over soon. */
    settle(): void {
      if (timer !== undefined) flush();
    },
    stop: () => clearTimeout(timer),
  };
}
