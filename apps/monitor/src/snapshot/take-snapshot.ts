import type { LastRange, Summary, Tenant } from '@tidemark/schemas';
import { openSession, type SessionWish } from '../connection/open-session.ts';

/** One answer, as the first screen would show it. */
export type Snapshot = {
  readonly url: string;
  readonly tenant: Tenant;
  readonly range: LastRange;
  readonly summary: Summary;
};

export async function takeSnapshot(wish: SessionWish, range: LastRange): Promise<Snapshot> {
  const { url, first: tenant, tidemarkOf } = await openSession(wish);
  const summary = await tidemarkOf(tenant).analytics.summary.query({
    last: range,
    groupBy: 'type',
    compare: 'previous',
    groupLimit: 50,
  });
  return { url, tenant, range, summary };
}
