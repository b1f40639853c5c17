import type { Summary, SummaryQuery } from '@tidemark/schemas';
import { assertScope, type TenantContext } from '../context.ts';
import { whileAllowed } from '../live/while-allowed.ts';
import { assertAdmitted } from '../resilience/rung.ts';
import { planSummary } from './plan-summary.ts';

export type WatchQuery = SummaryQuery & { readonly lastEventId?: string | null | undefined };

/** An answer of a watch; the id is the last commit it holds. */
export type WatchedSummary = { readonly id: string; readonly summary: Summary };

/**
 * The same question as `querySummary`, answered at once, after every change (at most once a second) and
 * at least every 5 s. Ends when the credential does, and with `rate_limited` where load leaves nothing for its priority.
 */
export async function* watchSummary(
  ctx: TenantContext,
  query: WatchQuery,
  signal: AbortSignal = new AbortController().signal,
): AsyncGenerator<WatchedSummary> {
  assertScope(ctx, 'analytics:read');
  yield* whileAllowed(ctx, (ended) => readWatch(ctx, query, ended), signal);
}

/** The answers as the hub has them, for a stream that sees to its credential itself. */
export async function* readWatch(
  ctx: TenantContext,
  { lastEventId: _resumedFrom, ...query }: WatchQuery,
  signal: AbortSignal,
): AsyncGenerator<WatchedSummary> {
  const { resources, tenant, priority } = ctx;
  // A question that can never be answered, or not now, is refused before anything is shared.
  planSummary(query, tenant.timeZone, resources.clock());
  assertAdmitted(ctx);
  for await (const { seq, value } of resources.summaryHub.watch({ tenant, query, priority }, signal)) {
    yield { id: String(seq), summary: value };
  }
}
