import type { Component } from 'svelte';
import { LAST_NAMES } from '../overview/view.ts';
import type { AppPage } from './pages.ts';
import { toHref } from './pages.ts';

/** What the palette offers: a place to go to, or something to do. */
export type Command = {
  readonly id: string;
  readonly label: string;
  readonly hint?: string | undefined;
  readonly icon?: Component<{ class?: string | undefined; 'aria-hidden'?: 'true' }>;
  /** Further words that find it. */
  readonly words?: readonly string[];
  readonly run: () => void;
};

export type CommandGroup = { readonly name: string; readonly commands: readonly Command[] };

type Go = (href: string) => void;

/** Where the palette was called. */
type Place = Pick<URL, 'pathname' | 'search'>;

export function toPageCommands(pages: readonly AppPage[], tenant: string | undefined, go: Go): Command[] {
  return pages.map(({ path, title, icon, alsoKnownAs }) => ({
    id: `page ${path}`,
    label: title,
    icon,
    words: alsoKnownAs,
    run: () => go(toHref(path, tenant)),
  }));
}

type Section = { readonly path: string; readonly title: string; readonly alsoKnownAs: readonly string[] };

export function toSectionCommands(sections: readonly Section[], tenant: string | undefined, go: Go): Command[] {
  return sections.map(({ path, title, alsoKnownAs }) => ({
    id: `section ${path}`,
    label: title,
    words: ['settings', ...alsoKnownAs],
    run: () => go(toHref(path, tenant)),
  }));
}

type Named = { readonly slug: string; readonly name: string };

/** The same page of another tenant; its own time zone, unless one was chosen. */
export function toTenantHref(place: Place, slug: string): string {
  return withParams(place, { tenant: slug });
}

export function toTenantCommands(
  tenants: readonly Named[],
  current: string | undefined,
  go: Go,
  place: Place,
): Command[] {
  return tenants
    .filter(({ slug }) => slug !== current)
    .map(({ slug, name }) => ({
      id: `tenant ${slug}`,
      label: name,
      hint: slug,
      words: ['tenant', slug],
      run: () => go(toTenantHref(place, slug)),
    }));
}

/** The overview of another range; on the overview itself the rest of the view stays. */
export function toRangeCommands(tenant: string | undefined, go: Go, place: Place): Command[] {
  const base =
    place.pathname === '/' ? place : { pathname: '/', search: tenant === undefined ? '' : `tenant=${tenant}` };
  return Object.entries(LAST_NAMES).map(([range, name]) => ({
    id: `range ${range}`,
    label: name.replace('l', 'L'),
    hint: range,
    words: ['range', range],
    run: () => go(withParams(base, { range, from: null, to: null, interval: null })),
  }));
}

function withParams(place: Place, changes: Readonly<Record<string, string | null>>): string {
  const params = new URLSearchParams(place.search);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) params.delete(name);
    else params.set(name, value);
  }
  return params.size === 0 ? place.pathname : `${place.pathname}?${params}`;
}
