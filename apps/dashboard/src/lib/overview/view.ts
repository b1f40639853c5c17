import type { GroupBy, Interval, IntervalChoice, LastRange } from '@tidemark/schemas';
import { type Condition, parseConditions, writeConditions } from '../filters/condition.ts';

// Written out, not imported: what the schemas export as values brings their validator to the browser.
export const LAST_RANGES = ['15m', '1h', '24h', '7d', '30d', '90d'] as const satisfies readonly LastRange[];
/** As they stand in a sentence. */
export const LAST_NAMES: Record<LastRange, string> = {
  '15m': 'last 15 minutes',
  '1h': 'last hour',
  '24h': 'last 24 hours',
  '7d': 'last 7 days',
  '30d': 'last 30 days',
  '90d': 'last 90 days',
};
export const INTERVALS = ['minute', 'hour', 'day', 'week', 'month'] as const satisfies readonly Interval[];
const GROUP_BYS = ['type', 'device'] as const satisfies readonly GroupBy[];

export const METRICS = ['events', 'users', 'perUser'] as const;
export type Metric = (typeof METRICS)[number];

export const CHARTS = ['area', 'bars', 'stacked', 'table'] as const;
export type ChartKind = (typeof CHARTS)[number];

type Params = Pick<URLSearchParams, 'get' | 'getAll'>;

/** A range of one's own: two days of the zone's calendar, both included, or two instants, half-open. */
export type CustomRange = { readonly from: string; readonly to: string };
export type ViewRange = LastRange | CustomRange;

/** What is asked of the API. */
export type Ask = {
  readonly range: ViewRange;
  readonly interval: IntervalChoice;
  /** Undefined: the tenant's own. */
  readonly timeZone: string | undefined;
  readonly groupBy: GroupBy;
  readonly compare: boolean;
  /** Which events count. */
  readonly conditions: readonly Condition[];
  /** The path that events are told apart by; undefined: whichever most of them have. */
  readonly property: string | undefined;
};

/** How the answer is looked at. */
export type Look = { readonly metric: Metric; readonly chart: ChartKind };

/** What the overview shows. All of it is in the URL, so that a link shows the same. */
export type View = Ask & Look;

export const DEFAULT_VIEW: View = {
  range: '24h',
  interval: 'auto',
  timeZone: undefined,
  groupBy: 'type',
  compare: true,
  conditions: [],
  property: undefined,
  metric: 'events',
  chart: 'area',
};

/** Reads a view from a URL; what it does not understand is as if it were absent. */
export function parseView(params: Params): View {
  return { ...parseAsk(params), ...parseLook(params) };
}

/** Apart from the look, so that looking at an answer in another way asks for no new one. */
export function parseAsk(params: Params): Ask {
  return {
    range: parseRange(params),
    interval: oneOf(['auto', ...INTERVALS], params.get('interval')) ?? DEFAULT_VIEW.interval,
    timeZone: parseTimeZone(params.get('tz')),
    groupBy: oneOf(GROUP_BYS, params.get('by')) ?? DEFAULT_VIEW.groupBy,
    compare: params.get('compare') !== 'off',
    conditions: parseConditions(params),
    property: params.get('property') || undefined,
  };
}

function parseLook(params: Params): Look {
  return {
    metric: oneOf(METRICS, params.get('metric')) ?? DEFAULT_VIEW.metric,
    chart: oneOf(CHARTS, params.get('chart')) ?? DEFAULT_VIEW.chart,
  };
}

/** The shortest query string that `parseView` reads as this view; the tenant goes first. */
export function toSearch(view: View, tenant?: string): string {
  const params = new URLSearchParams(tenant === undefined ? {} : { tenant });
  const { range, interval, timeZone, groupBy, compare, conditions, property, metric, chart } = view;
  if (typeof range !== 'string') {
    params.set('from', range.from);
    params.set('to', range.to);
  } else if (range !== DEFAULT_VIEW.range) params.set('range', range);
  if (interval !== DEFAULT_VIEW.interval) params.set('interval', interval);
  if (timeZone !== undefined) params.set('tz', timeZone);
  if (groupBy !== DEFAULT_VIEW.groupBy) params.set('by', groupBy);
  if (!compare) params.set('compare', 'off');
  writeConditions(conditions, params);
  if (property !== undefined) params.set('property', property);
  if (metric !== DEFAULT_VIEW.metric) params.set('metric', metric);
  if (chart !== DEFAULT_VIEW.chart) params.set('chart', chart);
  return params.size === 0 ? '' : `?${params}`;
}

function parseRange(params: Params): ViewRange {
  const from = params.get('from');
  const to = params.get('to');
  if (from !== null && to !== null && isTime(from) && isTime(to)) return { from, to };
  return oneOf(LAST_RANGES, params.get('range')) ?? DEFAULT_VIEW.range;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2})$/;

/** The dimension that the chart is not stacked by. */
export const toOther = (groupBy: GroupBy): GroupBy => (groupBy === 'type' ? 'device' : 'type');

/** Whether an end of a custom range is a day rather than an instant. */
export const isDay = (text: string): boolean => DAY.test(text);

const isTime = (text: string): boolean => (DAY.test(text) || INSTANT.test(text)) && !Number.isNaN(Date.parse(text));

function parseTimeZone(name: string | null): string | undefined {
  if (name === null || !/^[A-Za-z]/.test(name)) return undefined;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return name;
  } catch {
    return undefined;
  }
}

function oneOf<const T extends string>(choices: readonly T[], value: string | null): T | undefined {
  return choices.find((choice) => choice === value);
}
