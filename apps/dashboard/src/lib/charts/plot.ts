import { nice, ticks } from 'd3-array';
import { type CurveFactory, curveLinear, curveMonotoneX } from 'd3-shape';
import type { ChartPoint } from './chart-point.ts';

/** `stacked` draws the bands of the layers; the others draw each point's value. */
export type ChartShape = 'area' | 'bars' | 'stacked';

/** Room around the plot for what its axes say, in px. */
export const PADDING = { top: 12, right: 12, bottom: 26, left: 44 };
/** What one label of the lower axis takes, in px. */
export const LABEL_WIDTH = 64;
export const TICK_LABEL = 'fill-ink-faint stroke-none text-[11px] font-normal! tabular-nums';

/** With many points a smoothed line is no prettier, only slower. */
const SMOOTH_UP_TO = 120;
const VALUE_TICKS = 4;

/** What is drawn of a series, whoever draws it: the server before the width is known, or the browser. */
export type Plot = {
  readonly shape: ChartShape;
  /** From left to right, in buckets; the middle of a bucket is half one further. */
  readonly from: number;
  readonly to: number;
  readonly top: number;
  readonly valueTicks: readonly number[];
  /** The points that have begun. */
  readonly drawn: ChartPoint[];
  readonly running: ChartPoint | undefined;
  readonly curve: CurveFactory;
  /** Between bars, on each side, in px. */
  readonly gap: number;
};

export function toPlot(points: readonly ChartPoint[], kind: ChartShape, isWhole: boolean): Plot {
  // A single bucket makes no line.
  const shape = kind === 'area' && points.length < 2 ? 'bars' : kind;
  const drawn = points.filter(({ state }) => state !== 'ahead');
  const most = Math.max(...points.map(({ value, previous }) => Math.max(value, previous?.value ?? 0)), 0);
  const [, top] = nice(0, most === 0 ? 1 : most, VALUE_TICKS);
  return {
    shape,
    from: shape === 'area' ? 0.5 : 0,
    to: shape === 'area' ? Math.max(1, points.length - 0.5) : points.length,
    top,
    valueTicks: ticks(0, top, VALUE_TICKS).filter((tick) => !isWhole || Number.isInteger(tick)),
    drawn,
    running: drawn.find(({ state }) => state === 'running'),
    curve: points.length > SMOOTH_UP_TO ? curveLinear : curveMonotoneX,
    gap: points.length > 200 ? 0 : points.length > 60 ? 0.5 : 1.5,
  };
}

/** Where a point stands on the lower axis: in the middle of its bucket. */
export const toX = ({ index }: ChartPoint): number => index + 0.5;
