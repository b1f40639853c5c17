import type { Bucket } from '@tidemark/schemas';

/** From this width on, a bar can give up a column to stand apart from the next. */
const WIDE_BAR = 3;

export type FittedSeries = {
  /** Events per column of the chart; undefined between wide bars. */
  readonly columns: readonly (number | undefined)[];
  /** How many columns from the left lie before `asOf`; what follows is not over yet. */
  readonly complete: number;
  /** How many buckets one bar stands for: more than one where the terminal is too narrow. */
  readonly merged: number;
  readonly peak: number;
};

/** Draws a series to a width: wide bars of one bucket each, or narrow ones of several buckets' sum. */
export function fitSeries(series: readonly Bucket[], asOf: string, width: number): FittedSeries {
  const merged = Math.max(1, Math.ceil(series.length / width));
  const bars: { events: number; isOver: boolean }[] = [];
  for (let at = 0; at < series.length; at += merged) {
    const buckets = series.slice(at, at + merged);
    bars.push({
      events: buckets.reduce((sum, { events }) => sum + events, 0),
      isOver: (buckets.at(-1)?.end ?? '') <= asOf,
    });
  }
  const barWidth = Math.max(1, Math.floor(width / Math.max(1, bars.length)));
  return {
    columns: bars.flatMap(({ events }) => toBar(events, barWidth)),
    complete: bars.filter(({ isOver }) => isOver).length * barWidth,
    merged,
    peak: Math.max(0, ...bars.map(({ events }) => events)),
  };
}

function toBar(events: number, width: number): (number | undefined)[] {
  return Array.from({ length: width }, (_, column) => (width >= WIDE_BAR && column === width - 1 ? undefined : events));
}
