import {
  type OverviewAction,
  type OverviewState,
  type Question,
  reduceOverview,
  toOverviewState,
} from '../src/overview/overview-state.ts';
import { ACME } from './place-fixture.ts';
import { summaryFixture } from './summary-fixture.ts';

export const QUESTION: Question = { tenantId: ACME.id, range: '24h', interval: 'auto', filters: {} };

/** The state after these actions, from the last 24 hours of one tenant. */
export function overviewFixture(...actions: readonly OverviewAction[]): OverviewState {
  return actions.reduce(reduceOverview, toOverviewState(QUESTION));
}

export function answeredFixture(unusual: Partial<Extract<OverviewAction, { type: 'answered' }>> = {}): OverviewAction {
  return { type: 'answered', question: QUESTION, summary: summaryFixture(), at: 1_000, ...unusual };
}

export function countedFixture(events: number, asOfMs: number): OverviewAction {
  return { type: 'counted', question: QUESTION, sample: { events, asOfMs } };
}
