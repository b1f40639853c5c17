import type { Filters, IntervalChoice, LastRange, Summary } from '@tidemark/schemas';
import { CONNECTING, type Link, type LinkAction, reduceLink, toLive } from '../connection/link.ts';
import { addSample, type Sample } from '../figures/event-rate.ts';
import type { Missed } from '../format/format-return.ts';

/** What is looked at: an answer to another question comes too late to be shown. */
export type Question = {
  readonly tenantId: string;
  readonly range: LastRange;
  readonly interval: IntervalChoice;
  readonly filters: Filters;
};

export type OverviewState = {
  readonly question: Question;
  readonly link: Link;
  readonly summary: Summary | undefined;
  /** Successive counts of the stream behind events per second. */
  readonly samples: readonly Sample[];
  /** What came in while the connection was down, said for a while once it is back. */
  readonly missed: Missed | undefined;
};

export type OverviewAction =
  | { readonly type: 'asked'; readonly question: Question }
  | { readonly type: 'answered'; readonly question: Question; readonly summary: Summary; readonly at: number }
  | { readonly type: 'counted'; readonly question: Question; readonly sample: Sample }
  | LinkAction;

const MISSED_SHOWN_MS = 15_000;

export function toOverviewState(question: Question): OverviewState {
  return { question, link: CONNECTING, summary: undefined, samples: [], missed: undefined };
}

export function reduceOverview(state: OverviewState, action: OverviewAction): OverviewState {
  switch (action.type) {
    case 'asked':
      return isAsked(state, action.question) ? state : toAsked(state, action.question);
    case 'answered':
      return isAsked(state, action.question) ? toAnswered(state, action.summary, action.at) : state;
    case 'counted':
      return isSameCount(state.question, action.question)
        ? { ...state, samples: addSample(state.samples, action.sample) }
        : state;
    case 'dropped':
    case 'refused':
      return { ...state, link: reduceLink(state.link, action) };
  }
}

/** Another range of the same events keeps their rate. */
function toAsked(state: OverviewState, question: Question): OverviewState {
  const samples = isSameCount(state.question, question) ? state.samples : [];
  return { ...toOverviewState(question), samples };
}

function toAnswered(state: OverviewState, summary: Summary, at: number): OverviewState {
  const before = state.link.phase === 'reconnecting' ? state.summary : undefined;
  const came = before === undefined ? 0 : summary.totals.events - before.totals.events;
  const missed = came > 0 ? { events: came, until: at + MISSED_SHOWN_MS } : state.missed;
  return { ...state, summary, missed, link: toLive(at) };
}

function isAsked({ question }: OverviewState, asked: Question): boolean {
  return isSameCount(question, asked) && question.range === asked.range && question.interval === asked.interval;
}

function isSameCount(one: Question, other: Question): boolean {
  return one.tenantId === other.tenantId && one.filters === other.filters;
}
