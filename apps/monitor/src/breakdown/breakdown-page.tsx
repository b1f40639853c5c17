import { useInput } from 'ink';
import { useLatestReducer } from '../place/use-latest-reducer.ts';
import type { ViewProps } from '../place/view-props.ts';
import { useBreakdownFeed } from './breakdown-feed.ts';
import { toBreakdownAction } from './breakdown-input.ts';
import { BY_TYPE, drillInto, drillOut, reduceBreakdown } from './breakdown-state.ts';
import { BreakdownView } from './breakdown-view.tsx';

/** The breakdown, alive: arrows choose dimension and row, enter and backspace move in and out. */
export function BreakdownPage({ session, place, go, now, columns, rows }: ViewProps) {
  const [state, dispatch, read] = useLatestReducer(reduceBreakdown, BY_TYPE);
  const { tenant, range, filters } = place;
  useBreakdownFeed(session, { tenant, range, filters, by: state.by }, dispatch);
  const drill = () => {
    const { by, answer, selected } = read();
    const row = answer?.rows[selected];
    const into = row === undefined ? undefined : drillInto(filters, by, row);
    if (into === undefined) return;
    go({ type: 'filtered', filters: into });
    dispatch({ type: 'dimensionStepped', by: 1 });
  };
  useInput(
    (_input, key) => {
      const action = toBreakdownAction(key);
      if (action === 'into') drill();
      else if (action === 'out') go({ type: 'filtered', filters: drillOut(filters) });
      else if (action !== undefined) dispatch(action);
    },
    { isActive: place.prompt === undefined && !place.isHelpOpen },
  );
  return <BreakdownView {...{ state, place, now, columns, rows }} />;
}
