import { z } from 'zod';
import { boundInstantSchema, instantSchema } from './instant.ts';

/** The relative ranges: the last so-much, its end snapped up to the bucket. */
export const LAST_RANGES = ['15m', '1h', '24h', '7d', '30d', '90d'] as const;
export type LastRange = (typeof LAST_RANGES)[number];

export const rangeFields = {
  from: boundInstantSchema.optional(),
  to: boundInstantSchema.optional(),
  last: z.enum(LAST_RANGES).optional(),
};

/** A range as it is asked for: two instants, or one of the relative ranges. */
export type RangeInput =
  | { from: string; to: string; last?: undefined }
  | { last: LastRange; from?: undefined; to?: undefined };

type RangeFields = { from?: string | undefined; to?: string | undefined; last?: LastRange | undefined };

/** Says what is wrong with the range fields of an object, or nothing. For `superRefine`. */
export function checkRange(input: RangeFields, context: z.RefinementCtx): void {
  const flaw = findRangeFlaw(input);
  if (flaw !== undefined) context.addIssue({ code: 'custom', ...flaw });
}

function findRangeFlaw({ from, to, last }: RangeFields): { path: string[]; message: string } | undefined {
  if (last !== undefined) {
    if (from === undefined && to === undefined) return undefined;
    return { path: ['last'], message: 'give either last or from and to, not both' };
  }
  if (from === undefined) {
    return { path: ['from'], message: `give from and to, or last: one of ${LAST_RANGES.join(', ')}` };
  }
  if (to === undefined) return { path: ['to'], message: 'give to as well: the range is half-open, [from, to)' };
  if (Date.parse(from) >= Date.parse(to)) return { path: ['to'], message: 'must be later than from' };
  return undefined;
}

/** A half-open range `[from, to)` as it was resolved. */
export const resolvedRangeSchema = z.object({ from: instantSchema, to: instantSchema });
export type ResolvedRange = z.infer<typeof resolvedRangeSchema>;
