import ChartArea from '@lucide/svelte/icons/chart-area';
import FlaskConical from '@lucide/svelte/icons/flask-conical';
import HeartPulse from '@lucide/svelte/icons/heart-pulse';
import Radio from '@lucide/svelte/icons/radio';
import ScrollText from '@lucide/svelte/icons/scroll-text';
import Settings from '@lucide/svelte/icons/settings';
import WandSparkles from '@lucide/svelte/icons/wand-sparkles';
import type { Scope } from '@tidemark/schemas';
import type { Component } from 'svelte';

export type AppPage = {
  readonly path: `/${string}`;
  readonly title: string;
  readonly icon: Component<{ class?: string | undefined; 'aria-hidden'?: 'true' }>;
  /** Who may see it; others are not shown the way, and at the address itself are told who is. */
  readonly scope: Scope;
  /** What else a person may call it, for the search. */
  readonly alsoKnownAs: readonly string[];
};

/** Every page of the navigation, in its order. */
const PAGES: readonly AppPage[] = [
  { path: '/', title: 'Overview', icon: ChartArea, scope: 'analytics:read', alsoKnownAs: ['home', 'numbers', 'chart'] },
  {
    path: '/live',
    title: 'Live',
    icon: Radio,
    scope: 'events:read',
    alsoKnownAs: ['tail', 'stream', 'now', 'follow'],
  },
  {
    path: '/events',
    title: 'Events',
    icon: ScrollText,
    scope: 'events:read',
    alsoKnownAs: ['log', 'list', 'search', 'export'],
  },
  {
    path: '/generator',
    title: 'Generator',
    icon: WandSparkles,
    scope: 'admin:write',
    alsoKnownAs: ['generate', 'traffic', 'demo', 'seed', 'make events'],
  },
  {
    path: '/lab',
    title: 'Lab',
    icon: FlaskConical,
    scope: 'platform',
    alsoKnownAs: ['load', 'scenarios', 'demo', 'spike', 'breaker', 'degradation'],
  },
  {
    path: '/system',
    title: 'System',
    icon: HeartPulse,
    scope: 'admin:read',
    alsoKnownAs: ['health', 'status', 'cache', 'breakers', 'limits'],
  },
  {
    path: '/settings',
    title: 'Settings',
    icon: Settings,
    scope: 'admin:write',
    alsoKnownAs: ['preferences', 'administration'],
  },
];

/** The pages that these scopes may see. */
export function pagesFor(scopes: readonly Scope[]): readonly AppPage[] {
  return PAGES.filter(({ scope }) => scopes.includes(scope));
}

/** The page an address belongs to: its own, or the one it lies below. */
export function findPage(pathname: string): AppPage | undefined {
  return PAGES.find(({ path }) => pathname === path || (path !== '/' && pathname.startsWith(`${path}/`)));
}

/** An address that stays with the tenant on view; undefined: there is only one. */
export function toHref(path: string, tenant: string | undefined): string {
  return tenant === undefined ? path : `${path}?${new URLSearchParams({ tenant })}`;
}
