import { useReducer } from 'react';
import { useKeys } from '../place/use-keys.ts';
import type { ViewProps } from '../place/view-props.ts';
import { useEventsFeed } from './events-feed.ts';
import { toEventsAction } from './events-input.ts';
import { NO_EVENTS, reduceEvents } from './events-state.ts';
import { EventsView } from './events-view.tsx';
import { useOlderEventsFeed } from './older-events-feed.ts';

/** What one page key moves by, whatever fits. */
const PAGE = 10;

/** The tail, alive: its state, its keys and its stream. */
export function Events({ session, place, now, columns, rows }: ViewProps) {
  const [state, dispatch] = useReducer(reduceEvents, NO_EVENTS);
  useEventsFeed(session, place.tenant, place.filters, dispatch);
  useOlderEventsFeed(session, place, state, dispatch);
  useKeys(
    (input, key) => {
      const action = toEventsAction(input, key, PAGE);
      if (action !== undefined) dispatch(action);
    },
    { isActive: place.prompt === undefined && !place.isHelpOpen },
  );
  return <EventsView {...{ state, place, now, columns, rows }} />;
}
