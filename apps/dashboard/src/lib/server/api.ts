import type { RequestEvent } from '@sveltejs/kit';
import { createTidemark, type Tidemark } from '@tidemark/client';
import { TIDEMARK_API } from '$app/env/private';
import { readSession } from './session-cookie.ts';

/** A page is worth waiting for this long; then it says that the API does not answer. */
const PAGE_TIMEOUT_MS = 10_000;

/** The API as the person of this request sees it; a platform session names the tenant it asks about. */
export function apiFor(event: Pick<RequestEvent, 'cookies' | 'request'>, tenantId?: string): Tidemark {
  return createTidemark({
    url: TIDEMARK_API,
    key: readSession(event),
    tenantId,
    timeoutMs: PAGE_TIMEOUT_MS,
    retries: 0,
  });
}
