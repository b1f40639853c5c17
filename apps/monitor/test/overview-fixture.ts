import type { Tenant } from '@tidemark/schemas';
import { Failure } from '../src/connection/failure.ts';
import {
  type OverviewAction,
  type OverviewState,
  reduceOverview,
  toOverviewState,
} from '../src/overview/overview-state.ts';
import { summaryFixture } from './summary-fixture.ts';

export const ACME = tenantFixture('acme', 1);
export const GLOBEX = tenantFixture('globex', 2);
export const NO_SERVER = new Failure('No server at http://127.0.0.1:3001.', 'Start one with: npm start');

function tenantFixture(slug: string, number: number): Tenant {
  return {
    id: `00000000-0000-4000-8000-00000000000${number}`,
    slug,
    name: slug,
    timeZone: 'Europe/Berlin',
    createdAt: '2026-11-01T00:00:00.000Z',
  };
}

/** The state after these actions, from two tenants and the last 24 hours. */
export function overviewFixture(...actions: readonly OverviewAction[]): OverviewState {
  return actions.reduce(reduceOverview, toOverviewState([ACME, GLOBEX], ACME, '24h'));
}

export function answeredFixture(unusual: Partial<Extract<OverviewAction, { type: 'answered' }>> = {}): OverviewAction {
  const question = { tenantId: ACME.id, range: '24h' } as const;
  return { type: 'answered', question, summary: summaryFixture(), at: 1_000, ...unusual };
}

export function countedFixture(events: number, asOfMs: number): OverviewAction {
  return { type: 'counted', tenantId: ACME.id, sample: { events, asOfMs } };
}
