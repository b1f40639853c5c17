import type { Tidemark } from '@tidemark/client';
import type { Breakdown, Event, Health, Summary, Tenant } from '@tidemark/schemas';
import { Failure } from '../connection/failure.ts';
import { openSession, type SessionWish } from '../connection/open-session.ts';
import type { Beginning } from '../monitor.tsx';

/** What a view shows at one moment. */
type Shown =
  | { readonly view: 'overview'; readonly summary: Summary }
  | { readonly view: 'events'; readonly events: readonly Event[] }
  | { readonly view: 'breakdown'; readonly by: string; readonly breakdown: Breakdown }
  | { readonly view: 'system'; readonly health: Health };

export type Snapshot = Shown & {
  readonly url: string;
  readonly tenant: Tenant;
  readonly range: Beginning['range'];
};

/** The events that a page of them shows. */
const EVENTS = 20;

export async function takeSnapshot(wish: SessionWish, wanted: Beginning): Promise<Snapshot> {
  const { url, first: tenant, tidemarkOf } = await openSession(wish);
  return { url, tenant, range: wanted.range, ...(await look(tidemarkOf(tenant), wanted)) };
}

async function look(tidemark: Tidemark, { view, range, interval, filters, by }: Beginning): Promise<Shown> {
  switch (view) {
    case 'overview': {
      const looks = { groupBy: 'type', compare: 'previous', groupLimit: 50 } as const;
      return { view, summary: await tidemark.analytics.summary.query({ last: range, interval, ...filters, ...looks }) };
    }
    case 'events': {
      const { items } = await tidemark.events.list.query({ ...filters, limit: EVENTS });
      return { view, events: items.toReversed() };
    }
    case 'breakdown': {
      const input = { last: range, ...filters, by, limit: EVENTS };
      return { view, by, breakdown: await tidemark.analytics.breakdown.query(input) };
    }
    case 'system':
      return { view, health: await tidemark.admin.health.query() };
    case 'lab':
      throw new Failure(
        'The lab has nothing to show once.',
        'Run a scenario with: npm run tidemark -- lab run <scenario>',
      );
  }
}
