import type { Summary, WatchManyQuery } from '@tidemark/schemas';
import { assertScope, type TenantContext } from '../context.ts';
import { mergeStreams } from '../live/merge-streams.ts';
import { watchSummary } from './watch-summary.ts';

/** Several questions watched on one stream, so that a page needs one connection; each answer by its key. */
export async function* watchSummaries(
  ctx: TenantContext,
  { queries }: WatchManyQuery,
  signal?: AbortSignal,
): AsyncGenerator<{ id: string; key: string; summary: Summary }> {
  assertScope(ctx, 'analytics:read');
  const leaving = new AbortController();
  const ended = signal === undefined ? leaving.signal : AbortSignal.any([signal, leaving.signal]);
  const streams = new Map(queries.map(({ key, input }) => [key, watchSummary(ctx, input, ended)]));
  for await (const { key, value } of mergeStreams(streams, () => leaving.abort())) {
    yield { id: `${value.id}:${key}`, key, summary: value.summary };
  }
}
