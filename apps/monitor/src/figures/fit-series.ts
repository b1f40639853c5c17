import type { Bucket } from '@tidemark/schemas';

/** From this width on, a bar can give up a column to stand apart from the next. */
const WIDE_BAR = 3;

/** What one bar shows: a bucket, or neighbours added up where there are more than fit. */
export type Bar = { readonly events: number; readonly end: string };

export type FittedSeries = {
  /** Events per column of the chart; undefined between wide bars. */
  readonly columns: readonly (number | undefined)[];
  /** How many columns from the left lie before `asOf`; what follows is not over yet. */
  readonly complete: number;
  /** How many buckets one bar stands for. */
  readonly merged: number;
  readonly peak: number;
};

/** Draws a series to a width: bars that stand apart where there is room, else an outline over the whole width. */
export function fitSeries(series: readonly Bucket[], asOf: string, width: number): FittedSeries {
  const merged = Math.max(1, Math.ceil(series.length / width));
  const bars = mergeBuckets(series, merged);
  const barOfColumn = bars.length * WIDE_BAR <= width ? apart(bars, width) : outline(bars, width);
  const over = bars.filter(({ end }) => end <= asOf).length;
  const firstOpen = barOfColumn.findIndex((bar) => bar !== undefined && bar >= over);
  return {
    columns: barOfColumn.map((bar) => (bar === undefined ? undefined : bars[bar]?.events)),
    complete: firstOpen === -1 ? barOfColumn.length : firstOpen,
    merged,
    peak: Math.max(0, ...bars.map(({ events }) => events)),
  };
}

/** Adds up every `size` neighbours. */
export function mergeBuckets(series: readonly Bucket[], size: number): Bar[] {
  return Array.from({ length: Math.ceil(series.length / size) }, (_, index) => {
    const buckets = series.slice(index * size, (index + 1) * size);
    return { events: buckets.reduce((sum, { events }) => sum + events, 0), end: buckets.at(-1)?.end ?? '' };
  });
}

function apart(bars: readonly Bar[], width: number): (number | undefined)[] {
  const barWidth = Math.floor(width / Math.max(1, bars.length));
  return bars.flatMap((_, bar) =>
    Array.from({ length: barWidth }, (_column, at) => (at === barWidth - 1 ? undefined : bar)),
  );
}

function outline(bars: readonly Bar[], width: number): number[] {
  return Array.from({ length: width }, (_, column) => Math.floor((column * bars.length) / width));
}
