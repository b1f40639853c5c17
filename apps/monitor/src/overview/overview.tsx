import type { LastRange } from '@tidemark/schemas';
import { useApp, useInput, useWindowSize } from 'ink';
import { useReducer } from 'react';
import type { Session } from '../connection/open-session.ts';
import { useOverviewFeed } from './overview-feed.ts';
import { toOverviewAction } from './overview-input.ts';
import { reduceOverview, toOverviewState } from './overview-state.ts';
import { OverviewView } from './overview-view.tsx';
import { useNow } from './use-now.ts';

type Props = { readonly session: Session; readonly range: LastRange };

/** The first screen, alive: its state, its keys and its two streams. */
export function Overview({ session, range }: Props) {
  const [state, dispatch] = useReducer(reduceOverview, undefined, () =>
    toOverviewState(session.tenants, session.first, range),
  );
  const { columns, rows } = useWindowSize();
  const { exit } = useApp();
  useOverviewFeed(session, state, dispatch);
  useInput((input, key) => {
    // Keys that follow each other quickly come in one piece; a key without a character, as none.
    for (const character of input === '' ? [''] : input) {
      const action = toOverviewAction(character, key, state.isHelpOpen);
      if (action === 'quit') exit();
      else if (action !== undefined) dispatch(action);
    }
  });
  return <OverviewView state={state} now={useNow()} columns={columns} rows={rows} />;
}
