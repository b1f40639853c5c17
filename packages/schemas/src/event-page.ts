import { z } from 'zod';
import { eventSchema } from './event.ts';
import type { Filters } from './filters.ts';
import { filterFields } from './filters.ts';
import type { RangeInput } from './range.ts';
import { checkRange, rangeFields } from './range.ts';
import { searchSchema } from './search.ts';

type ListOptions = Filters & {
  search?: string | undefined;
  cursor?: string | null | undefined;
};
type NoRange = { from?: undefined; to?: undefined; last?: undefined };
export type ListEventsInput = (RangeInput | NoRange) & ListOptions & { limit?: number; order?: 'asc' | 'desc' };
export type ListEventsQuery = (RangeInput | NoRange) & ListOptions & { limit: number; order: 'asc' | 'desc' };

/** Which events to list, newest first (`desc`) unless asked otherwise; without a range, all of them. */
export const listEventsInputSchema = z
  .strictObject({
    ...rangeFields,
    ...filterFields,
    search: searchSchema.optional(),
    cursor: z.string().max(500).nullish(),
    limit: z.int().min(1).max(500).default(50),
    order: z.enum(['asc', 'desc']).default('desc'),
  })
  .superRefine((input, context) => {
    if (input.from !== undefined || input.to !== undefined || input.last !== undefined) checkRange(input, context);
  }) as unknown as z.ZodType<ListEventsQuery, ListEventsInput>;

/** One page, of large events shorter than asked for; `nextCursor` null: there is no more. */
export const eventPageSchema = z.object({
  items: z.array(eventSchema),
  nextCursor: z.string().nullable(),
});
export type EventPage = z.infer<typeof eventPageSchema>;
