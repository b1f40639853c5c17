import type { Place, ViewName } from './place.ts';

/** The page of each view; events and breakdowns are parts of the overview. */
const PAGES: Readonly<Partial<Record<ViewName, string>>> = { system: '/system', lab: '/lab' };

/** Where the dashboard shows the same: its pages read the tenant, its overview range and interval, from their address. */
export function toDashboardUrl(dashboard: string, { view, tenant, range, interval }: Place): string {
  const page = PAGES[view];
  const url = new URL(page ?? '/', dashboard);
  url.searchParams.set('tenant', tenant.slug);
  if (page !== undefined) return url.href;
  url.searchParams.set('range', range);
  if (interval !== 'auto') url.searchParams.set('interval', interval);
  return url.href;
}
