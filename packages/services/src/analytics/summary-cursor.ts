import { type SummaryCursor, type SummaryPageQuery, summaryCursorSchema } from '@tidemark/schemas';
import { canonicalFilters } from '../cache/canonical-filters.ts';
import { toCursorSum } from '../cursor-sum.ts';
import { parseCursorText, toCursorText } from '../cursor-text.ts';
import { refuseCursor, refuseForeignCursor } from '../refuse-cursor.ts';

export type PinnedPages = Omit<SummaryCursor, 'sum'>;

/** A cursor that belongs to this question of this tenant. */
export function encodeSummaryCursor(pinned: PinnedPages, tenantId: string, query: SummaryPageQuery): string {
  return toCursorText({ ...pinned, sum: toSum(pinned, tenantId, query) });
}

/** Reads a cursor back; refuses one that is not ours, was changed, or belongs to another question. */
export function decodeSummaryCursor(text: string, tenantId: string, query: SummaryPageQuery): PinnedPages {
  const cursor = summaryCursorSchema.safeParse(parseCursorText(text));
  if (!cursor.success) throw refuseCursor('was not given by analytics.summaryPage: start without one.');
  const { sum, ...pinned } = cursor.data;
  if (sum === toSum(pinned, tenantId, query)) return pinned;
  throw refuseForeignCursor();
}

function toSum(pinned: PinnedPages, tenantId: string, query: SummaryPageQuery): string {
  const { from, to, last, interval, timeZone, groupBy, groupLimit } = query;
  const question = { from, to, last, interval, timeZone, groupBy, groupLimit, filters: canonicalFilters(query) };
  return toCursorSum({ tenantId, question, pinned });
}
