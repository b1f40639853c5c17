const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Whether a write comes from another site than ours, so that it must not ride on the session's cookie.
 * Every browser names the origin of a write; what names none is refused as well.
 */
export function isCrossSiteWrite({ method, headers }: Request): boolean {
  if (SAFE_METHODS.has(method)) return false;
  return !isOwn(headers, headers.get('origin'));
}

/**
 * Whether a call of a procedure comes from anything but a page of ours. Reading calls are none of other sites' business
 * either, and some streams write, which the browser asks for by GET: there it names no origin, but says which
 * site asks, or, where the page came without TLS, which page.
 */
export function isForeignCall({ headers }: Request): boolean {
  const site = headers.get('sec-fetch-site');
  if (site !== null) return site !== 'same-origin';
  return !isOwn(headers, headers.get('origin') ?? headers.get('referer'));
}

function isOwn(headers: Headers, from: string | null): boolean {
  const host = headers.get('x-forwarded-host')?.split(',')[0]?.trim() ?? headers.get('host');
  return from !== null && URL.canParse(from) && new URL(from).host === host;
}
