import type { RequestEvent } from '@sveltejs/kit';
import { createTidemark, type Tidemark } from '@tidemark/client';
import { TIDEMARK_API } from '$app/env/private';
import { toOriginHeaders } from './origin-headers.ts';
import { readSession } from './session-cookie.ts';

/** A page is worth waiting for this long; then it says that the API does not answer. */
const PAGE_TIMEOUT_MS = 10_000;

export type Visit = Pick<RequestEvent, 'cookies' | 'getClientAddress' | 'request'>;

/** The API as the person of this request sees it; a platform session names the tenant it asks about. */
export function apiFor(event: Visit, tenantId?: string): Tidemark {
  const origin = toOriginHeaders(event);
  return createTidemark({
    url: TIDEMARK_API,
    key: readSession(event),
    tenantId,
    timeoutMs: PAGE_TIMEOUT_MS,
    retries: 0,
    fetch: async (input, init) => await fetch(input, { ...init, headers: withOrigin(init?.headers, origin) }),
  });
}

function withOrigin(given: HeadersInit | undefined, origin: Record<string, string>): Headers {
  const headers = new Headers(given);
  for (const [name, value] of Object.entries(origin)) headers.set(name, value);
  return headers;
}
