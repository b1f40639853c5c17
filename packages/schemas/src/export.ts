import { z } from 'zod';
import type { Filters } from './filters.ts';
import { filterFields } from './filters.ts';
import type { RangeInput } from './range.ts';
import { checkRange, rangeFields } from './range.ts';
import { searchSchema } from './search.ts';

export const EXPORT_FORMATS = ['ndjson', 'csv'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

type NoRange = { from?: undefined; to?: undefined; last?: undefined };
export type ExportQuery = (RangeInput | NoRange) & Filters & { search?: string | undefined };

/** Which events to export; without a range, all of them. */
export const exportInputSchema = z
  .strictObject({ ...rangeFields, ...filterFields, search: searchSchema.optional() })
  .superRefine((input, context) => {
    if (input.from !== undefined || input.to !== undefined || input.last !== undefined) checkRange(input, context);
  }) as unknown as z.ZodType<ExportQuery, ExportQuery>;

/** The columns of a CSV, in their order: the fields of an event, `properties` as JSON. */
export const CSV_COLUMNS = [
  'id',
  'type',
  'occurredAt',
  'receivedAt',
  'userId',
  'sessionId',
  'device',
  'properties',
] as const;
