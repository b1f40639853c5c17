import type { SessionWish } from './connection/open-session.ts';
import { useSession } from './connection/use-session.ts';
import { type Place, toPlace } from './place/place.ts';
import { Views } from './views.tsx';
import { Lobby } from './widgets/lobby.tsx';

/** Where to begin. */
export type Beginning = Pick<Place, 'view' | 'range' | 'interval' | 'filters' | 'by'>;

type Props = { readonly wish: SessionWish; readonly beginning: Beginning };

/** The whole monitor: the way to a session, then the views. */
export function Monitor({ wish, beginning }: Props) {
  const state = useSession(wish);
  switch (state.phase) {
    case 'opening':
      return <Lobby message={`Connecting to ${wish.connection.url}…`} />;
    case 'waiting':
      return <Lobby message={state.why.message} remedy={`${state.why.remedy}   Trying again…`} isBad />;
    case 'refused':
      return <Lobby message={state.why.message} remedy={state.why.remedy} isBad />;
    case 'open': {
      const { tenants, first } = state.session;
      return (
        <Views
          session={state.session}
          first={toPlace(tenants, first, beginning)}
          dashboard={wish.connection.dashboard}
        />
      );
    }
  }
}
