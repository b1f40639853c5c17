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
 * Why a call of a procedure or an export is refused for where it comes from; undefined: it comes from a page of ours.
 * Some streams write, which the browser asks for by GET: there it names no origin, but says which site asks, or,
 * where the page came without TLS, which page. A link can keep both to itself and still brings the
 * cookie along, so what says nothing is refused as well, and told so.
 */
export function findForeignness({ headers }: Request): string | undefined {
  const site = headers.get('sec-fetch-site');
  const from = headers.get('origin') ?? headers.get('referer');
  if (site === null && from === null) return SAYS_NOTHING;
  if (site === 'none') return NO_PAGE;
  return (site === null ? isOwn(headers, from) : site === 'same-origin') ? undefined : OTHER_SITE;
}

const OTHER_SITE = 'This call comes from another site, so it was refused.';
const NO_PAGE =
  'This address was opened by itself: here only pages of the dashboard call, scripts call the API with a key.';
const SAYS_NOTHING =
  'This call does not say which page it comes from (sec-fetch-site, origin or referer): here only pages of the dashboard call, scripts call the API with a key.';

function isOwn(headers: Headers, from: string | null): boolean {
  const host = headers.get('x-forwarded-host')?.split(',')[0]?.trim() ?? headers.get('host');
  return from !== null && URL.canParse(from) && new URL(from).host === host;
}
