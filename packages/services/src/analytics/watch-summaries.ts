import type { Summary, WatchManyQuery } from '@tidemark/schemas';
import { assertScope, type TenantContext } from '../context.ts';
import { mergeStreams } from '../live/merge-streams.ts';
import { whileAllowed } from '../live/while-allowed.ts';
import { readWatch } from './watch-summary.ts';

/** An answer to one of the questions, by its key; the id is the last commit it holds, and the key. */
export type KeyedSummary = { readonly id: string; readonly key: string; readonly summary: Summary };

/** Several questions watched on one stream, so that a page needs one connection. Ends when the credential does. */
export async function* watchSummaries(
  ctx: TenantContext,
  { queries }: WatchManyQuery,
  signal: AbortSignal = new AbortController().signal,
): AsyncGenerator<KeyedSummary> {
  assertScope(ctx, 'analytics:read');
  yield* whileAllowed(ctx, (ended) => readWatches(ctx, queries, ended), signal);
}

async function* readWatches(
  ctx: TenantContext,
  queries: WatchManyQuery['queries'],
  signal: AbortSignal,
): AsyncGenerator<KeyedSummary> {
  const leaving = new AbortController();
  const ended = AbortSignal.any([signal, leaving.signal]);
  const streams = new Map(queries.map(({ key, input }) => [key, readWatch(ctx, input, ended)]));
  for await (const { key, value } of mergeStreams(streams, () => leaving.abort())) {
    yield { id: `${value.id}:${key}`, key, summary: value.summary };
  }
}
