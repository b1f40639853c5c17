import { useMemo, useReducer } from 'react';
import type { ViewProps } from '../place/view-props.ts';
import { useOverviewFeed } from './overview-feed.ts';
import { reduceOverview, toOverviewState } from './overview-state.ts';
import { OverviewView } from './overview-view.tsx';

/** The first view, alive: its state and its two streams. */
export function Overview({ session, place, now, columns, rows }: ViewProps) {
  const { tenant, range, interval, filters } = place;
  const question = useMemo(
    () => ({ tenantId: tenant.id, range, interval, filters }),
    [tenant, range, interval, filters],
  );
  const [state, dispatch] = useReducer(reduceOverview, question, toOverviewState);
  useOverviewFeed(session, tenant, question, dispatch);
  return <OverviewView {...{ state, place, now, columns, rows }} />;
}
