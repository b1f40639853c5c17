import type { Filters, PropertyFilter } from '@tidemark/schemas';
import type { Place, ViewName } from './place.ts';

/** The page of each view; breakdowns are parts of the overview. */
const PAGES: Readonly<Record<ViewName, string>> = {
  overview: '/',
  events: '/live',
  breakdown: '/',
  system: '/system',
  lab: '/lab',
};

/** Where the dashboard shows the same: its pages read all that they show from their address. */
export function toDashboardUrl(dashboard: string, { view, tenant, range, interval, filters, by }: Place): string {
  const url = new URL(PAGES[view], dashboard);
  const { searchParams } = url;
  searchParams.set('tenant', tenant.slug);
  if (view === 'system' || view === 'lab') return url.href;
  if (view !== 'events') {
    searchParams.set('range', range);
    if (interval !== 'auto') searchParams.set('interval', interval);
  }
  // By user there is always a panel; type is what it tells apart by itself.
  if (view === 'breakdown' && by === 'device') searchParams.set('by', by);
  addFilters(searchParams, filters);
  if (view === 'breakdown' && by.startsWith('property:')) searchParams.set('property', by.slice('property:'.length));
  return url.href;
}

function addFilters(params: URLSearchParams, { types = [], devices = [], userId, properties = [] }: Filters): void {
  for (const type of types) params.append('type', type);
  for (const device of devices) params.append('device', device ?? '');
  if (userId !== undefined) params.set('user', userId);
  for (const where of new Set(properties.flatMap(toWheres))) params.append('where', where);
}

/** `path:value`, and a path alone for events without it. There the text 5 and the number 5 are one value. */
function toWheres({ path, in: values }: PropertyFilter): string[] {
  const name = encodeURIComponent(path);
  return values.map((value) => (value === null ? name : `${name}:${value}`));
}
