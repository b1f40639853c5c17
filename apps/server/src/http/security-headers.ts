import type { IncomingMessage, ServerResponse } from 'node:http';

/**
 * What every answer carries. Nothing of ours is a page: should a browser show an answer all the same, it loads and runs
 * nothing. Calls from an allowed origin ask by CORS, which `cross-origin-resource-policy` leaves alone.
 */
export const SECURITY_HEADERS = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  // Behind a key or about one: nobody in between keeps it.
  'cache-control': 'no-store',
} as const;

/** Only a proxy before this server speaks TLS, so it says so; who forges it harms only themselves. */
export function addSecurityHeaders(request: IncomingMessage, response: ServerResponse): void {
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
  const { 'x-forwarded-proto': proto } = request.headers;
  if (typeof proto === 'string' && proto.split(',', 1)[0]?.trim() === 'https') {
    response.setHeader('strict-transport-security', 'max-age=31536000');
  }
}
