import type { Tidemark } from '@tidemark/client';
import type { Filters, Meta, Tenant } from '@tidemark/schemas';
import { useEffect } from 'react';
import { linkCallbacks } from '../connection/link-callbacks.ts';
import type { Session } from '../connection/open-session.ts';
import type { Sample } from '../figures/event-rate.ts';
import { everySecond } from '../place/every-second.ts';
import type { OverviewAction, Question } from './overview-state.ts';

type Dispatch = (action: OverviewAction) => void;
type OnCount = (sample: Sample) => void;

/** A rate is of no range. */
const NO_RANGE = { range: '24h', interval: 'auto' } as const;

const HOUR_MS = 3_600_000;
/** How far from now an event's own time may lie and still count for events per second. */
const REACH_MS = 24 * HOUR_MS;

/** Feeds the overview for as long as it is shown, from the two streams below. */
export function useOverviewFeed(session: Session, tenant: Tenant, question: Question, dispatch: Dispatch): void {
  useEffect(() => {
    dispatch({ type: 'asked', question });
    const told = onTheSecond(dispatch);
    const stopWatching = watchAnswers(session.tidemarkOf(tenant), session.url, question, told.tell);
    return () => {
      stopWatching();
      told.stop();
    };
  }, [session, tenant, question, dispatch]);
  const { filters } = question;
  useEffect(() => {
    const told = onTheSecond(dispatch);
    const counted: OnCount = (sample) =>
      told.tell({ type: 'counted', question: { ...NO_RANGE, tenantId: tenant.id, filters }, sample });
    const stopWatching = watchCount(session.tidemarkOf(tenant), filters, counted);
    return () => {
      stopWatching();
      told.stop();
    };
  }, [session, tenant, filters, dispatch]);
}

/** Hands on at once what comes first and what is of the connection, anything else with the clock. */
function onTheSecond(dispatch: Dispatch) {
  let waiting: OverviewAction[] = [];
  let hasBegun = false;
  const flush = () => {
    const told = waiting;
    waiting = [];
    for (const action of told) dispatch(action);
  };
  return {
    tell(action: OverviewAction): void {
      waiting.push(action);
      if (!hasBegun || action.type === 'dropped' || action.type === 'refused') flush();
      hasBegun = true;
    },
    stop: everySecond(flush),
  };
}

/** The question on the screen, answered again whenever its answer changes. */
function watchAnswers(tidemark: Tidemark, url: string, question: Question, dispatch: Dispatch): () => void {
  const { range, interval, filters } = question;
  const { unsubscribe } = tidemark.analytics.watch.subscribe(
    { last: range, interval, ...filters, groupBy: 'type', compare: 'previous', groupLimit: 50 },
    {
      ...linkCallbacks(url, dispatch),
      onData: ({ data }) => dispatch({ type: 'answered', question, summary: data, at: Date.now() }),
    },
  );
  return unsubscribe;
}

/**
 * The count behind events per second: of a range that stays where it is, since what slides out at one
 * end of a relative one would be missing from the difference. It moves along every twelve hours.
 */
function watchCount(tidemark: Tidemark, filters: Filters, onCount: OnCount): () => void {
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
      { from, to, interval: 'hour', ...filters },
      {
        onData({ data: { totals, meta } }) {
          if (meta.exact) onCount({ events: totals.events, asOfMs: knownUntil(meta) });
        },
      },
    ).unsubscribe;
  }
}

/** A cached answer is served while nothing has changed, so it still held `ageMs` after its snapshot. */
function knownUntil({ asOf, cache }: Meta): number {
  return Date.parse(asOf) + (cache.status === 'hit' ? cache.ageMs : 0);
}
