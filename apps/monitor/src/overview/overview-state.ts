import { LAST_RANGES, type LastRange, type Summary, type Tenant } from '@tidemark/schemas';
import type { Failure } from '../connection/failure.ts';
import { addSample, type Sample } from '../figures/event-rate.ts';

/**
 * The connection as the eye sees it:
 *
 *     connecting ──answer──▶ live ◀──answer── reconnecting
 *          └───────drop───────┴──────drop──────────▲
 *     any ──a refusal that will not pass──▶ refused
 */
export type Link =
  | { readonly phase: 'connecting' }
  | { readonly phase: 'live'; readonly heardAt: number }
  | { readonly phase: 'reconnecting'; readonly why: Failure; readonly heardAt: number | undefined }
  | { readonly phase: 'refused'; readonly why: Failure };

/** What is looked at: an answer to another question comes too late to be shown. */
export type Question = { readonly tenantId: string; readonly range: LastRange };

export type OverviewState = {
  readonly tenants: readonly Tenant[];
  readonly tenant: Tenant;
  readonly range: LastRange;
  readonly isHelpOpen: boolean;
  readonly link: Link;
  readonly summary: Summary | undefined;
  /** Successive counts of the stream behind events per second. */
  readonly samples: readonly Sample[];
  /** What came in while the connection was down, said for a while once it is back. */
  readonly missed: { readonly events: number; readonly until: number } | undefined;
};

export type OverviewAction =
  | { readonly type: 'tenantStepped' | 'rangeStepped'; readonly by: 1 | -1 }
  | { readonly type: 'helpToggled' }
  | { readonly type: 'answered'; readonly question: Question; readonly summary: Summary; readonly at: number }
  | { readonly type: 'counted'; readonly tenantId: string; readonly sample: Sample }
  | { readonly type: 'dropped'; readonly why: Failure }
  | { readonly type: 'refused'; readonly why: Failure };

const MISSED_SHOWN_MS = 15_000;

export function toOverviewState(tenants: readonly Tenant[], tenant: Tenant, range: LastRange): OverviewState {
  return {
    tenants,
    tenant,
    range,
    isHelpOpen: false,
    link: { phase: 'connecting' },
    summary: undefined,
    samples: [],
    missed: undefined,
  };
}

export function reduceOverview(state: OverviewState, action: OverviewAction): OverviewState {
  switch (action.type) {
    case 'tenantStepped':
      return state.tenants.length < 2
        ? state
        : toOverviewState(state.tenants, step(state.tenants, state.tenant, action.by), state.range);
    case 'rangeStepped':
      return {
        ...state,
        range: step(LAST_RANGES, state.range, action.by),
        summary: undefined,
        link: { phase: 'connecting' },
      };
    case 'helpToggled':
      return { ...state, isHelpOpen: !state.isHelpOpen };
    case 'answered':
      return isAsked(state, action.question) ? toAnswered(state, action.summary, action.at) : state;
    case 'counted':
      return action.tenantId === state.tenant.id
        ? { ...state, samples: addSample(state.samples, action.sample) }
        : state;
    case 'dropped':
      return { ...state, link: { phase: 'reconnecting', why: action.why, heardAt: heardAt(state.link) } };
    case 'refused':
      return { ...state, link: { phase: 'refused', why: action.why } };
  }
}

function toAnswered(state: OverviewState, summary: Summary, at: number): OverviewState {
  const before = state.link.phase === 'reconnecting' ? state.summary : undefined;
  const came = before === undefined ? 0 : summary.totals.events - before.totals.events;
  const missed = came > 0 ? { events: came, until: at + MISSED_SHOWN_MS } : state.missed;
  return { ...state, summary, missed, link: { phase: 'live', heardAt: at } };
}

function isAsked({ tenant, range }: OverviewState, asked: Question): boolean {
  return asked.tenantId === tenant.id && asked.range === range;
}

function heardAt(link: Link): number | undefined {
  return link.phase === 'live' || link.phase === 'reconnecting' ? link.heardAt : undefined;
}

function step<Item>(items: readonly Item[], from: Item, by: number): Item {
  return items.at((items.indexOf(from) + by) % items.length) ?? from;
}
