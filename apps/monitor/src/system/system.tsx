import { useEffect, useReducer } from 'react';
import { linkCallbacks } from '../connection/link-callbacks.ts';
import type { ViewProps } from '../place/view-props.ts';
import { reduceSystem, UNKNOWN_HEALTH } from './system-state.ts';
import { SystemView } from './system-view.tsx';

/** The server's health, alive: told at once when something changes, and at least every five seconds. */
export function System({ session, place, now, columns, rows }: ViewProps) {
  const [state, dispatch] = useReducer(reduceSystem, UNKNOWN_HEALTH);
  const { tenant } = place;
  useEffect(() => {
    const { unsubscribe } = session.tidemarkOf(tenant).admin.watchHealth.subscribe(undefined, {
      ...linkCallbacks(session.url, dispatch),
      onData: (health) => dispatch({ type: 'told', health, at: Date.now() }),
    });
    return unsubscribe;
  }, [session, tenant]);
  return <SystemView {...{ state, place, now, columns, rows }} />;
}
