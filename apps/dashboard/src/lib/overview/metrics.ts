import { formatAverage, formatCompact, formatCount } from '../format/number.ts';
import type { Metric } from './view.ts';

type MetricLook = {
  readonly name: string;
  /** What it counts, in a person's words. */
  readonly about: string;
  readonly format: (value: number) => string;
  readonly formatAxis: (value: number) => string;
  readonly isWhole: boolean;
};

export const METRIC_LOOKS: Record<Metric, MetricLook> = {
  events: {
    name: 'Events',
    about: 'Everything that was stored in this range, each event once.',
    format: formatCount,
    formatAxis: formatCompact,
    isWhole: true,
  },
  users: {
    name: 'Unique users',
    about: 'Distinct users over the whole range, counted exactly: never a sum of its days.',
    format: formatCount,
    formatAxis: formatCompact,
    isWhole: true,
  },
  perUser: {
    name: 'Events per user',
    about: 'Events divided by unique users.',
    // Without users there is no average, and with users it is never nothing.
    format: (value) => (value === 0 ? '–' : formatAverage(value)),
    formatAxis: formatCompact,
    isWhole: false,
  },
};
