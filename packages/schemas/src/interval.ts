import { z } from 'zod';

/** The lengths a bucket can have, from fine to coarse. */
export const INTERVALS = ['minute', 'hour', 'day', 'week', 'month'] as const;
export type Interval = (typeof INTERVALS)[number];

export const intervalSchema = z.enum(INTERVALS);

/** What may be asked for: `auto` picks by the length of the range. */
export const intervalChoiceSchema = z.enum(['auto', ...INTERVALS]);
export type IntervalChoice = z.infer<typeof intervalChoiceSchema>;
