import { useInput } from 'ink';
import { useLatestReducer } from '../place/use-latest-reducer.ts';
import type { ViewProps } from '../place/view-props.ts';
import { useBreakdownFeed } from './breakdown-feed.ts';
import { toBreakdownAction } from './breakdown-input.ts';
import { drillInto, drillOut, reduceBreakdown, toBreakdownState } from './breakdown-state.ts';
import { BreakdownView } from './breakdown-view.tsx';

/** The breakdown, alive: arrows choose dimension and row, enter and backspace move in and out. */
export function BreakdownPage({ session, place, go, now, columns, rows }: ViewProps) {
  const [state, dispatch, read] = useLatestReducer(reduceBreakdown, toBreakdownState(place.by));
  const { tenant, range, filters } = place;
  useBreakdownFeed(session, { tenant, range, filters, by: state.by }, dispatch);
  // The place knows it too: the dashboard is opened at the same, and another tenant's breakdown begins with it.
  const rank = (steps: number) => {
    dispatch({ type: 'dimensionStepped', by: steps });
    go({ type: 'ranked', by: read().by });
  };
  const drill = () => {
    const { by, answer, selected } = read();
    const row = answer?.rows[selected];
    const into = row === undefined ? undefined : drillInto(filters, by, row);
    if (into === undefined) return;
    go({ type: 'filtered', filters: into });
    rank(1);
  };
  useInput(
    (_input, key) => {
      const action = toBreakdownAction(key);
      if (action === 'into') drill();
      else if (action === 'out') go({ type: 'filtered', filters: drillOut(filters) });
      else if (action?.type === 'dimensionStepped') rank(action.by);
      else if (action !== undefined) dispatch(action);
    },
    { isActive: place.prompt === undefined && !place.isHelpOpen },
  );
  return <BreakdownView {...{ state, place, now, columns, rows }} />;
}
