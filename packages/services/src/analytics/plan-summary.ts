import type { Interval, IntervalChoice, RangeInput, SummaryQuery } from '@tidemark/schemas';
import { bucketEdges } from '../calendar/bucket-edges.ts';
import { type EpochRange, previousRange, resolveRange } from '../calendar/resolve-range.ts';
import { toZoneName } from '../calendar/to-zone-name.ts';
import { TidemarkError } from '../tidemark-error.ts';

const MAX_BUCKETS = 5_000;
const MAX_YEARS = 5;

/** When a question is about. */
export type RangePlan = { readonly range: EpochRange; readonly interval: Interval; readonly timeZone: string };

/** A summary with everything relative resolved. */
export type ResolvedSummary = RangePlan & { readonly previousRange: EpochRange | undefined };

/** And cut: what it asks of which buckets. */
export type SummaryPlan = RangePlan & {
  readonly edges: readonly number[];
  readonly previous: { readonly range: EpochRange; readonly edges: readonly number[] } | undefined;
};

/** Resolves range, interval and buckets at `now` (epoch ms). Refuses what is too long or too fine. */
export function planSummary(input: SummaryQuery, tenantZone: string, now: number): SummaryPlan {
  return cutSummary(resolveSummary(input, tenantZone, now));
}

/** Resolves ranges and interval at `now` (epoch ms): all that tells an answer from others. Refuses what is too long. */
export function resolveSummary(input: SummaryQuery, tenantZone: string, now: number): ResolvedSummary {
  const plan = planRange(input, tenantZone, now);
  const isCompared = input.compare !== undefined;
  return { ...plan, previousRange: isCompared ? previousRange(plan.range, plan.timeZone) : undefined };
}

/** Cuts the ranges into buckets, which takes longer than finding an answer that is kept. Refuses what is too fine. */
export function cutSummary({ range, interval, timeZone, previousRange: before }: ResolvedSummary): SummaryPlan {
  return {
    range,
    interval,
    timeZone,
    edges: cut(range, interval, timeZone),
    previous: before && { range: before, edges: cut(before, interval, timeZone) },
  };
}

/** Resolves range and interval at `now` (epoch ms). Refuses what is too long. */
export function planRange(
  input: RangeInput & { interval: IntervalChoice; timeZone?: string | undefined },
  tenantZone: string,
  now: number,
): RangePlan {
  const timeZone = toZoneName(input.timeZone ?? tenantZone);
  const { range, interval } = resolveRange(input, timeZone, now);
  assertLength(range);
  return { range, interval, timeZone };
}

/** The way the plan cuts any range; what has too many buckets ends early. */
export function toCut({ interval, timeZone }: RangePlan): (range: EpochRange) => number[] {
  return (range) => bucketEdges(range, interval, timeZone, MAX_BUCKETS);
}

function cut(range: EpochRange, interval: Interval, timeZone: string): number[] {
  const edges = bucketEdges(range, interval, timeZone, MAX_BUCKETS);
  if (edges.length - 1 > MAX_BUCKETS || edges.at(-1) !== range.to) {
    throw new TidemarkError(
      'too_many_buckets',
      `This range has more than ${MAX_BUCKETS} buckets by ${interval}: ask for a longer interval or a shorter range.`,
      { field: 'interval', interval, limit: MAX_BUCKETS },
    );
  }
  return edges;
}

function assertLength({ from, to }: EpochRange): void {
  const latest = new Date(from);
  latest.setUTCFullYear(latest.getUTCFullYear() + MAX_YEARS);
  if (to > latest.getTime()) {
    throw new TidemarkError('range_too_long', `A range may span at most ${MAX_YEARS} years: move from or to.`, {
      field: 'to',
      limitYears: MAX_YEARS,
    });
  }
}
