import { z } from 'zod';
import { instantInputSchema, instantSchema } from './instant.ts';

/** The relative ranges: the last so-much, its end snapped up to the bucket. */
export const LAST_RANGES = ['15m', '1h', '24h', '7d', '30d', '90d'] as const;
export type LastRange = (typeof LAST_RANGES)[number];

export const rangeFields = {
  from: instantInputSchema.optional(),
  to: instantInputSchema.optional(),
  last: z.enum(LAST_RANGES).optional(),
};

/** A range as it is asked for: two instants, or one of the relative ranges. */
export type RangeInput =
  | { from: string; to: string; last?: undefined }
  | { last: LastRange; from?: undefined; to?: undefined };

type RangeFields = { from?: string | undefined; to?: string | undefined; last?: LastRange | undefined };

/** Says what is wrong with the range fields of an object, or nothing. For `superRefine`. */
export function checkRange(input: RangeFields, context: z.RefinementCtx): void {
  const { from, to, last } = input;
  const refuse = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
  if (last !== undefined) {
    if (from !== undefined || to !== undefined) refuse('last', 'give either last or from and to, not both');
    return;
  }
  if (from === undefined) return refuse('from', `give from and to, or last: one of ${LAST_RANGES.join(', ')}`);
  if (to === undefined) return refuse('to', 'give to as well: the range is half-open, [from, to)');
  if (Date.parse(from) >= Date.parse(to)) refuse('to', 'must be later than from');
}

/** A half-open range `[from, to)` as it was resolved. */
export const resolvedRangeSchema = z.object({ from: instantSchema, to: instantSchema });
export type ResolvedRange = z.infer<typeof resolvedRangeSchema>;
