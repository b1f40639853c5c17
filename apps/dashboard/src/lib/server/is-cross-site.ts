const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Whether a write comes from another site than ours, so that it must not ride on the session's cookie.
 * Every browser names the origin of a write; what names none is refused as well.
 */
export function isCrossSiteWrite({ method, headers }: Request): boolean {
  if (SAFE_METHODS.has(method)) return false;
  const origin = headers.get('origin');
  const host = headers.get('x-forwarded-host')?.split(',')[0]?.trim() ?? headers.get('host');
  return origin === null || !URL.canParse(origin) || new URL(origin).host !== host;
}
