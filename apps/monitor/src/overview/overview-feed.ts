import type { Tidemark } from '@tidemark/client';
import type { Meta } from '@tidemark/schemas';
import { useEffect } from 'react';
import type { Session } from '../connection/open-session.ts';
import { toFailure } from '../connection/to-failure.ts';
import type { OverviewAction, OverviewState, Question } from './overview-state.ts';

type Dispatch = (action: OverviewAction) => void;

const HOUR_MS = 3_600_000;
/** How far from now an event's own time may lie and still count for events per second. */
const REACH_MS = 24 * HOUR_MS;

/** Feeds the overview for as long as it is shown, from the two streams below. */
export function useOverviewFeed(session: Session, { tenant, range }: OverviewState, dispatch: Dispatch): void {
  useEffect(() => {
    const question = { tenantId: tenant.id, range };
    return watchAnswers(session.tidemarkOf(tenant), session.url, question, dispatch);
  }, [session, tenant, range, dispatch]);
  useEffect(() => watchCount(session.tidemarkOf(tenant), tenant.id, dispatch), [session, tenant, dispatch]);
}

/** The question on the screen, answered again whenever its answer changes. */
function watchAnswers(tidemark: Tidemark, url: string, question: Question, dispatch: Dispatch): () => void {
  const { unsubscribe } = tidemark.analytics.watch.subscribe(
    { last: question.range, groupBy: 'type', compare: 'previous', groupLimit: 50 },
    {
      onData: ({ data }) => dispatch({ type: 'answered', question, summary: data, at: Date.now() }),
      onConnectionStateChange({ state, error }) {
        if (state === 'connecting' && error !== null) dispatch({ type: 'dropped', why: toFailure(error, url) });
      },
      onError: (error) => dispatch({ type: 'refused', why: toFailure(error, url) }),
    },
  );
  return unsubscribe;
}

/**
 * The count behind events per second: of a range that stays where it is, since what slides out at one
 * end of a relative one would be missing from the difference. It moves along every twelve hours.
 */
function watchCount(tidemark: Tidemark, tenantId: string, dispatch: Dispatch): () => void {
  let unsubscribe = watchRange();
  const timer = setInterval(() => {
    unsubscribe();
    unsubscribe = watchRange();
  }, REACH_MS / 2);
  return () => {
    clearInterval(timer);
    unsubscribe();
  };

  function watchRange(): () => void {
    const hour = Math.floor(Date.now() / HOUR_MS) * HOUR_MS;
    const from = new Date(hour - REACH_MS).toISOString();
    const to = new Date(hour + REACH_MS).toISOString();
    return tidemark.analytics.watch.subscribe(
      { from, to, interval: 'hour' },
      {
        onData({ data: { totals, meta } }) {
          if (!meta.exact) return;
          dispatch({ type: 'counted', tenantId, sample: { events: totals.events, asOfMs: knownUntil(meta) } });
        },
      },
    ).unsubscribe;
  }
}

/** A cached answer is served while nothing has changed, so it still held `ageMs` after its snapshot. */
function knownUntil({ asOf, cache }: Meta): number {
  return Date.parse(asOf) + (cache.status === 'hit' ? cache.ageMs : 0);
}
