import type { RequestEvent } from '@sveltejs/kit';
import { type TidemarkError, toTidemarkError } from '@tidemark/client';
import { refuse } from './refuse.ts';

/** What a page asked for, or why it was not given; a panel shows either. */
export type Answer<Value> =
  | { readonly value: Value; readonly failure: null }
  | { readonly value: null; readonly failure: TidemarkError };

/** Waits for a call; only the end of a session is not the page's to show. */
export async function toAnswer<Value>(event: RequestEvent, call: Promise<Value>): Promise<Answer<Value>> {
  try {
    return { value: await call, failure: null };
  } catch (error) {
    const failure = toTidemarkError(error);
    if (failure.code === 'unauthenticated') refuse(event, error);
    return { value: null, failure };
  }
}
