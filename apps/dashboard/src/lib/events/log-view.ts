import type { ExportFormat, ListEventsInput } from '@tidemark/schemas';
import { toFilters } from '../filters/condition.ts';
import { toRange } from '../overview/question.ts';
import { type Ask, DEFAULT_VIEW, parseAsk, toSearch } from '../overview/view.ts';

/** Which events the log shows. All of it is in the URL, under the same names as on the overview. */
export type LogView = Pick<Ask, 'range' | 'timeZone' | 'conditions'> & { readonly search: string };

export function parseLogView(params: Pick<URLSearchParams, 'get' | 'getAll'>): LogView {
  const { range, timeZone, conditions } = parseAsk(params);
  return { range, timeZone, conditions, search: params.get('search')?.trim() ?? '' };
}

export function toLogHref({ search, ...ask }: LogView, tenant: string | undefined): string {
  const params = new URLSearchParams(toSearch({ ...DEFAULT_VIEW, ...ask }, tenant));
  if (search !== '') params.set('search', search);
  return params.size === 0 ? '/events' : `/events?${params}`;
}

const PAGE_ROWS = 100;

export function toLogQuestion({ range, timeZone, conditions, search }: LogView, tenantTimeZone: string) {
  return {
    ...toRange(range, timeZone ?? tenantTimeZone),
    ...toFilters(conditions),
    ...(search !== '' && { search }),
    limit: PAGE_ROWS,
  } satisfies ListEventsInput;
}

/** Where the events of a view are downloaded. */
export function toExportHref(view: LogView, format: ExportFormat, tenantTimeZone: string, tenant?: string): string {
  const { types = [], devices = [], userId, properties } = toFilters(view.conditions);
  const params = new URLSearchParams({
    ...(tenant !== undefined && { tenant }),
    ...toRange(view.range, view.timeZone ?? tenantTimeZone),
    ...(userId !== undefined && { userId }),
    ...(properties && { properties: JSON.stringify(properties) }),
    ...(view.search !== '' && { search: view.search }),
  });
  for (const type of types) params.append('types', type);
  for (const device of devices) params.append('devices', device ?? 'null');
  return `/export/events.${format}?${params}`;
}
