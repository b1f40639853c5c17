import { isPassing, toTidemarkError } from '@tidemark/client';
import type { BreakdownBy, Filters, LastRange, Tenant } from '@tidemark/schemas';
import { useEffect } from 'react';
import type { Session } from '../connection/open-session.ts';
import { toFailure } from '../connection/to-failure.ts';
import { type BreakdownAction, toPropertyPaths } from './breakdown-state.ts';

type Dispatch = (action: BreakdownAction) => void;
type Question = {
  readonly tenant: Tenant;
  readonly range: LastRange;
  readonly filters: Filters;
  readonly by: BreakdownBy;
};

/** Breakdowns are asked for and not watched; as often as a watch answers at least, and well within the limits. */
const ASK_EVERY_MS = 5_000;
const ROWS = 200;
/** Events whose properties are looked at for what one can rank by. */
const SAMPLED_EVENTS = 100;

/** Asks the question on the screen again and again, for as long as it is shown. */
export function useBreakdownFeed(session: Session, { tenant, range, filters, by }: Question, dispatch: Dispatch): void {
  useEffect(() => {
    const left = new AbortController();
    const { signal } = left;
    const { events } = session.tidemarkOf(tenant);
    events.list.query({ ...filters, limit: SAMPLED_EVENTS }, { signal }).then(
      ({ items }) => {
        if (!signal.aborted)
          dispatch({ type: 'propertiesSeen', paths: toPropertyPaths(items.map((item) => item.properties)) });
      },
      // Without them there are still type, device and user; the question itself says what is wrong.
      () => {},
    );
    return () => left.abort();
  }, [session, tenant, filters, dispatch]);
  useEffect(() => {
    const left = new AbortController();
    const { signal } = left;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const { analytics } = session.tidemarkOf(tenant);
    const ask = async () => {
      try {
        const answer = await analytics.breakdown.query({ last: range, ...filters, by, limit: ROWS }, { signal });
        if (!signal.aborted) dispatch({ type: 'answered', by, answer, at: Date.now() });
      } catch (error) {
        if (signal.aborted) return;
        const why = toFailure(error, session.url);
        if (!isPassing(toTidemarkError(error))) return dispatch({ type: 'refused', why });
        dispatch({ type: 'dropped', why });
      }
      if (!signal.aborted) timer = setTimeout(() => void ask(), ASK_EVERY_MS);
    };
    void ask();
    return () => {
      left.abort();
      clearTimeout(timer);
    };
  }, [session, tenant, range, filters, by, dispatch]);
}
