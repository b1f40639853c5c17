import { isHttps } from './is-https.ts';

/** What every answer carries, be it a page or a file. */
export const SECURITY_HEADERS = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  // A sign-in link's code must not leave in a referrer; with `no-referrer` forms would send no origin.
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
};

/** Adds them to what a route answers, besides the content security policy, which kit writes with its nonces. */
export function addSecurityHeaders(request: Request, headers: Headers): void {
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) headers.set(name, value);
  if (isHttps(request)) headers.set('strict-transport-security', 'max-age=31536000');
  // What is behind a session belongs to one person and one moment.
  if (!headers.has('cache-control')) headers.set('cache-control', 'private, no-store');
}
