import type { RequestEvent } from '@sveltejs/kit';
import { TIDEMARK_DASHBOARD_TOKEN } from '$app/env/private';

/** Tells the API where a visitor is, with the proof that it is told by us: what one visitor tries is not charged to all. */
export function toOriginHeaders(event: Pick<RequestEvent, 'getClientAddress'>): Record<string, string> {
  const address = findAddress(event);
  if (TIDEMARK_DASHBOARD_TOKEN === undefined || address === undefined) return {};
  return { 'x-forwarded-for': address, 'x-tidemark-dashboard': TIDEMARK_DASHBOARD_TOKEN };
}

/** It throws where a proxy is expected and the request came by none, which then is one of us. */
function findAddress(event: Pick<RequestEvent, 'getClientAddress'>): string | undefined {
  try {
    return event.getClientAddress();
  } catch {
    return undefined;
  }
}
