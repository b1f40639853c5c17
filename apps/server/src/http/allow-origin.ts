import type { IncomingMessage, ServerResponse } from 'node:http';

const HEADERS = 'authorization, content-type, x-tenant-id, x-priority, x-request-id, trpc-accept, last-event-id';

/** Cross-origin rules: allowed origins are named one by one; a preflight is answered here. */
export function allowOrigin(
  request: IncomingMessage,
  response: ServerResponse,
  allowed: readonly string[],
): 'answered' | 'go on' {
  const { origin } = request.headers;
  // Said to every caller: a cache must not give one origin's answer to another.
  response.setHeader('vary', 'origin');
  const isPreflight = request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined;
  if (origin !== undefined && allowed.includes(origin)) {
    response.setHeader('access-control-allow-origin', origin);
    response.setHeader('access-control-expose-headers', 'x-request-id, retry-after, ratelimit, ratelimit-policy');
    if (isPreflight) {
      response.setHeader('access-control-allow-methods', 'GET, POST');
      response.setHeader('access-control-allow-headers', HEADERS);
      response.setHeader('access-control-max-age', '600');
    }
  }
  if (!isPreflight) return 'go on';
  response.writeHead(204).end();
  return 'answered';
}
