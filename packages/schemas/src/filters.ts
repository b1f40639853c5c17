import { z } from 'zod';
import { deviceSchema } from './device.ts';
import { MAX_PROPERTIES_BYTES } from './json.ts';
import { storableTextSchema, textSchema } from './text.ts';

/** The most values one filter may name. */
export const MAX_FILTER_VALUES = 50;

/** A property by its dotted path, e.g. `cart.currency`, and the values it may have (null: missing). */
export const propertyFilterSchema = z.strictObject({
  path: textSchema(200),
  in: z
    .array(
      // As long as a property may be: what a breakdown shows can be asked for.
      z.union([storableTextSchema(MAX_PROPERTIES_BYTES), z.number(), z.boolean(), z.null()], {
        error: `must be a text of at most ${MAX_PROPERTIES_BYTES} characters, a number, true, false or null`,
      }),
    )
    .min(1)
    .max(MAX_FILTER_VALUES),
});
export type PropertyFilter = z.infer<typeof propertyFilterSchema>;

/** Which events count: every given filter must hold. The same on every read. */
export const filterFields = {
  types: z.array(textSchema(100)).min(1).max(MAX_FILTER_VALUES).optional(),
  /** Null asks for events without a device. */
  devices: z.array(deviceSchema.nullable()).min(1).max(MAX_FILTER_VALUES).optional(),
  userId: textSchema(200).optional(),
  properties: z.array(propertyFilterSchema).max(10).optional(),
};
export const filtersSchema = z.strictObject(filterFields);
export type Filters = z.infer<typeof filtersSchema>;
