import { navigating, page } from '$app/state';

/**
 * Where the page is, or is about to be: a link that is made while the next view of the same page still loads
 * changes that one, not the one before.
 */
export function nextUrl(): Pick<URL, 'pathname'> & { searchParams: Pick<URLSearchParams, 'get' | 'getAll'> } {
  const next = navigating.to?.url;
  return next?.pathname === page.url.pathname ? next : page.url;
}
