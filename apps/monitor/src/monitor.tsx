import type { LastRange } from '@tidemark/schemas';
import type { SessionWish } from './connection/open-session.ts';
import { useSession } from './connection/use-session.ts';
import { Overview } from './overview/overview.tsx';
import { Lobby } from './widgets/lobby.tsx';

type Props = { readonly wish: SessionWish; readonly range: LastRange };

/** The whole monitor: the way to a session, then the screen. */
export function Monitor({ wish, range }: Props) {
  const state = useSession(wish);
  switch (state.phase) {
    case 'opening':
      return <Lobby message={`Connecting to ${wish.connection.url}…`} />;
    case 'waiting':
      return <Lobby message={state.why.message} remedy={`${state.why.remedy}   Trying again…`} isBad />;
    case 'refused':
      return <Lobby message={state.why.message} remedy={state.why.remedy} isBad />;
    case 'open':
      return <Overview session={state.session} range={range} />;
  }
}
