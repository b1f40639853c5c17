import { useApp, useWindowSize } from 'ink';
import { BreakdownPage } from './breakdown/breakdown-page.tsx';
import type { Session } from './connection/open-session.ts';
import { Events } from './events/events.tsx';
import { Lab } from './lab/lab.tsx';
import { Overview } from './overview/overview.tsx';
import { toDashboardExtras } from './place/dashboard-extras.ts';
import { toFilterText } from './place/filter-text.ts';
import { openAddress } from './place/open-address.ts';
import { type Place, reducePlace } from './place/place.ts';
import { toPlaceAction } from './place/place-input.ts';
import { toDashboardUrl } from './place/to-dashboard-url.ts';
import { useKeys } from './place/use-keys.ts';
import { useLatestReducer } from './place/use-latest-reducer.ts';
import { useNow } from './place/use-now.ts';
import { System } from './system/system.tsx';

type Props = { readonly session: Session; readonly first: Place; readonly dashboard: string | undefined };

/** The view that is open, and the keys that every view has. Only what is shown is asked for. */
export function Views({ session, first, dashboard }: Props) {
  const [place, go, read] = useLatestReducer(reducePlace, first);
  const { exit } = useApp();
  useKeys((input, key) => {
    const action = toPlaceAction(input, key, read());
    if (action === 'quit') exit();
    else if (action === 'open') go({ type: 'said', message: open(dashboard, read()) });
    else if (action !== undefined) go(action);
  });
  const size = useWindowSize();
  const props = { session, place, go, now: useNow(), columns: size.columns, rows: size.rows };
  // Another tenant, or other events, are another screen of the same kind.
  const key = `${place.tenant.id} ${toFilterText(place.filters)}`;
  switch (place.view) {
    case 'overview':
      return <Overview {...props} />;
    case 'events':
      return <Events key={key} {...props} />;
    case 'breakdown':
      return <BreakdownPage key={place.tenant.id} {...props} />;
    case 'system':
      return <System key={place.tenant.id} {...props} />;
    case 'lab':
      return <Lab {...props} />;
  }
}

/** Opens the dashboard where there is one to be known of; says where in any case. */
function open(dashboard: string | undefined, place: Place): string {
  if (dashboard === undefined) return 'Where is the dashboard? Start with --dashboard <url>, or TIDEMARK_DASHBOARD.';
  const url = toDashboardUrl(dashboard, place);
  openAddress(url);
  const extras = place.view === 'system' || place.view === 'lab' ? '' : toFilterText(toDashboardExtras(place.filters));
  return extras === '' ? `in the dashboard: ${url}` : `in the dashboard, which counts ${extras} too: ${url}`;
}
