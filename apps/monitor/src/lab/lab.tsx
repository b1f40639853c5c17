import { useInput } from 'ink';
import { useEffect, useReducer } from 'react';
import { linkCallbacks } from '../connection/link-callbacks.ts';
import type { ViewProps } from '../place/view-props.ts';
import { CHOOSING, reduceLab } from './lab-state.ts';
import { LabView } from './lab-view.tsx';

/** The lab, alive: its keys, and the stream of the run. */
export function Lab({ session, place, now, columns, rows }: ViewProps) {
  const [state, dispatch] = useReducer(reduceLab, CHOOSING);
  const { stage, scenario } = state;
  const { tenant } = place;
  const isRunning = stage === 'running';
  useEffect(() => {
    if (!isRunning) return;
    const { unsubscribe } = session.tidemarkOf(tenant).admin.lab.run.subscribe(
      { scenario },
      {
        ...linkCallbacks(session.url, dispatch),
        onData: (message) => dispatch({ type: 'told', message, at: Date.now() }),
      },
    );
    return unsubscribe;
  }, [session, tenant, scenario, isRunning]);
  useInput(
    (_input, key) => {
      if (key.escape) dispatch({ type: 'stopped' });
      else if (key.return && !isRunning) dispatch({ type: 'started' });
      else if (key.upArrow || key.downArrow) dispatch({ type: 'stepped', by: key.upArrow ? -1 : 1 });
    },
    { isActive: place.prompt === undefined && !place.isHelpOpen },
  );
  return <LabView {...{ state, place, now, columns, rows }} />;
}
