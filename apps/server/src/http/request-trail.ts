import type { IncomingMessage } from 'node:http';
import type { RequestTrail } from '@tidemark/services';

const trails = new WeakMap<IncomingMessage, RequestTrail>();

/** What becomes known of a request on its way; the same at every call. */
export function toTrail(request: IncomingMessage): RequestTrail {
  const known = trails.get(request);
  if (known !== undefined) return known;
  const trail: RequestTrail = { calls: [], actor: undefined, tenantId: undefined };
  trails.set(request, trail);
  return trail;
}
