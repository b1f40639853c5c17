import { createHash } from 'node:crypto';
import { type SummaryCursor, type SummaryPageQuery, summaryCursorSchema } from '@tidemark/schemas';
import { canonicalFilters } from '../cache/canonical-filters.ts';
import { canonicalJson } from '../canonical-json.ts';
import { parseCursorText, toCursorText } from '../cursor-text.ts';
import { TidemarkError } from '../tidemark-error.ts';

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
  throw refuseCursor('belongs to another question, or was changed: ask the same with it, or start without one.');
}

/**
 * A mistake would be answered with numbers that look right: hence the sum. It is no secret, since whoever forges it
 * learns nothing they could not ask for.
 */
function toSum(pinned: PinnedPages, tenantId: string, query: SummaryPageQuery): string {
  const { from, to, last, interval, timeZone, groupBy, groupLimit } = query;
  const question = { from, to, last, interval, timeZone, groupBy, groupLimit, filters: canonicalFilters(query) };
  const whole = canonicalJson({ tenantId, question, pinned });
  return createHash('sha256').update(whole).digest('base64url').slice(0, 22);
}

export function refuseCursor(why: string): TidemarkError {
  return new TidemarkError('invalid_cursor', `This cursor ${why}`, { field: 'cursor' });
}
