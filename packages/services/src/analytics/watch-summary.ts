import type { Summary, SummaryQuery } from '@tidemark/schemas';
import { assertScope, type TenantContext } from '../context.ts';
import { whileAllowed } from '../live/while-allowed.ts';
import { planSummary } from './plan-summary.ts';

export type WatchQuery = SummaryQuery & { readonly lastEventId?: string | null | undefined };

/**
 * The same question as `querySummary`, answered at once, after every change (at most once a second) and
 * at least every 5 s. The id is the last commit an answer holds. Ends when the credential does.
 */
export async function* watchSummary(
  ctx: TenantContext,
  { lastEventId: _resumedFrom, ...query }: WatchQuery,
  signal: AbortSignal = new AbortController().signal,
): AsyncGenerator<{ id: string; summary: Summary }> {
  assertScope(ctx, 'analytics:read');
  // A question that can never be answered is refused before anything is shared.
  planSummary(query, ctx.tenant.timeZone, ctx.resources.clock());
  const watch = (ended: AbortSignal) => ctx.resources.summaryHub.watch(ctx.tenant, query, ended);
  for await (const { seq, value } of whileAllowed(ctx, watch, signal)) yield { id: String(seq), summary: value };
}
