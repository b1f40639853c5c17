/** Where a page leads whose session has ended, and from there back to it. */
export function toSignIn({ pathname, search }: Pick<URL, 'pathname' | 'search'>): string {
  return `/sign-in?${new URLSearchParams({ ended: '1', next: pathname + search })}`;
}
