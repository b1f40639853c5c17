/** The path to go on to after signing in: one of our own, never another site's. */
export function toLocalPath(next: string | null): string {
  if (next === null || !next.startsWith('/') || !URL.canParse(next, 'http://here')) return '/';
  const { origin, pathname, search } = new URL(next, 'http://here');
  return origin === 'http://here' && !pathname.startsWith('//') ? pathname + search : '/';
}
