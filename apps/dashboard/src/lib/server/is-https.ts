/**
 * Whether the browser speaks TLS: the server itself never does, so a proxy in front of it says so, or
 * the browser's own `Origin`. Who forges these harms only a cookie of their own.
 */
export function isHttps({ headers }: Request): boolean {
  const forwarded = headers.get('x-forwarded-proto')?.split(',')[0]?.trim();
  return forwarded === 'https' || (headers.get('origin')?.startsWith('https://') ?? false);
}
