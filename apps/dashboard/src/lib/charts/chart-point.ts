import type { Bucket, Group, Summary } from '@tidemark/schemas';
import { toBucketLabel } from '../format/bucket-label.ts';
import { toKeyName } from '../format/key-name.ts';
import type { Metric } from '../overview/view.ts';
import { type LateEvents, NO_LATE_EVENTS } from './late-events.ts';

/** One layer of a stacked bucket, from `from` up to `to`. */
export type Band = { readonly key: string; readonly from: number; readonly to: number };

/** One bucket as a chart draws it. */
export type ChartPoint = {
  readonly index: number;
  readonly start: string;
  readonly end: string;
  readonly label: string;
  /** `running`: its end has not come yet, so it will still grow; `ahead`: it has not begun. */
  readonly state: 'done' | 'running' | 'ahead';
  readonly value: number;
  /** The bucket of the period before that stands at the same place. */
  readonly previous: { readonly value: number; readonly label: string } | undefined;
  readonly bands: readonly Band[];
  /** How many of its events came late while one looked. */
  readonly late: number;
};

export function toChartPoints(
  summary: Summary,
  metric: Metric,
  layers: readonly Layer[],
  late: LateEvents = NO_LATE_EVENTS,
): ChartPoint[] {
  const { series, previous, meta } = summary;
  const { interval, timeZone, asOf } = meta;
  return series.map((bucket, index) => {
    const before = previous?.series[index];
    return {
      index,
      start: bucket.start,
      end: bucket.end,
      label: toBucketLabel(bucket, interval, timeZone),
      state: toState(bucket, asOf),
      value: measure(bucket, metric),
      previous: before && { value: measure(before, metric), label: toBucketLabel(before, interval, timeZone) },
      bands: toBands(bucket, layers),
      late: late.get(bucket.start) ?? 0,
    };
  });
}

type Counts = { readonly events: number; readonly users: number };

/** The one number of a bucket, or of the totals, that a metric is about. */
export function measure({ events, users }: Counts, metric: Metric): number {
  if (metric === 'perUser') return users === 0 ? 0 : events / users;
  return metric === 'users' ? users : events;
}

function toState({ start, end }: Bucket, asOf: string): ChartPoint['state'] {
  if (start > asOf) return 'ahead';
  return end > asOf ? 'running' : 'done';
}

/** A group of the answer as it is drawn everywhere: the same name and colour in chart and table. */
export type Layer = { readonly key: string; readonly name: string; readonly color: string; readonly total: Group };

const COLORS = 8;
const REST = 'var(--group-rest)';
/** Object keys cannot be null, and a type may be named "null": what has no name gets one no type can have. */
const NAMELESS = '\u0000';

/** The groups by size, with their colours; what has no name, and all beyond the limit, stay grey. */
export function toLayers(groups: readonly Group[]): Layer[] {
  const bySize = [...groups].sort(
    (a, b) => Number(a.isOther ?? false) - Number(b.isOther ?? false) || b.events - a.events,
  );
  return bySize.map((total, index) => {
    const isGrey = total.isOther === true || total.key === null || index >= COLORS;
    return { key: toKey(total), name: toName(total), color: isGrey ? REST : `var(--group-${index + 1})`, total };
  });
}

const toKey = ({ key, isOther }: Group): string => (isOther ? `${NAMELESS}other` : (key ?? NAMELESS));
const toName = ({ key, isOther }: Group): string => (isOther ? 'All others' : toKeyName(key));

function toBands({ groups = [] }: Bucket, layers: readonly Layer[]): Band[] {
  const events = new Map(groups.map((group) => [toKey(group), group.events]));
  let top = 0;
  return layers.map(({ key }) => {
    const from = top;
    top += events.get(key) ?? 0;
    return { key, from, to: top };
  });
}
