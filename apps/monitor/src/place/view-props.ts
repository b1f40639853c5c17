import type { Session } from '../connection/open-session.ts';
import type { Place, PlaceAction } from './place.ts';

/** What every view is given. */
export type ViewProps = {
  readonly session: Session;
  readonly place: Place;
  readonly go: (action: PlaceAction) => void;
  readonly now: number;
  readonly columns: number;
  readonly rows: number;
};
