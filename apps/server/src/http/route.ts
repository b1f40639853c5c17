import type { IncomingMessage } from 'node:http';
import { EXPORT_FORMATS } from '@tidemark/schemas';

const ROUTES = ['/healthz', '/readyz', '/metrics', ...EXPORT_FORMATS.map((format) => `/export/events.${format}`)];

/** What of this server a request asks for, by a name that is none of the caller's words; `none`: nothing there is. */
export function toRoute({ url = '/' }: IncomingMessage): string {
  const pathname = URL.parse(url, 'http://localhost')?.pathname ?? '';
  if (isOfRouter(pathname)) return '/trpc';
  return ROUTES.includes(pathname) ? pathname : 'none';
}

export function isOfRouter(pathname: string): boolean {
  return pathname === '/trpc' || pathname.startsWith('/trpc/');
}
