import { z } from 'zod';
import { deviceSchema } from './device.ts';
import { idInputSchema } from './id-input.ts';
import { boundInstantSchema, instantInputSchema, instantSchema } from './instant.ts';
import { propertiesSchema } from './json.ts';
import { textSchema } from './text.ts';

/**
 * An event as it is sent. Its identity is (tenant, `id` lower-cased, `occurredAt` to the
 * millisecond): sending it again is a duplicate, and the first payload wins. An `id` without
 * `occurredAt` must be a UUIDv7, whose time is used; with neither, the server makes both.
 */
export const eventInputSchema = z.strictObject({
  id: z.guid({ error: 'must be a UUID' }).optional(),
  type: textSchema(100),
  occurredAt: instantInputSchema.optional(),
  userId: textSchema(200).optional(),
  sessionId: textSchema(200).optional(),
  device: deviceSchema.optional(),
  properties: propertiesSchema.optional(),
});
export type EventInput = z.input<typeof eventInputSchema>;

/** An event as it is stored and read back; what was not sent is null. */
export const eventSchema = z.object({
  id: z.guid(),
  type: z.string(),
  occurredAt: instantSchema,
  receivedAt: instantSchema,
  userId: z.string().nullable(),
  sessionId: z.string().nullable(),
  device: deviceSchema.nullable(),
  properties: z.custom<z.infer<typeof propertiesSchema>>(),
});
export type Event = z.infer<typeof eventSchema>;

/** What names one event: the time is part of the name because events are partitioned by it. */
export const eventKeySchema = z.strictObject({
  id: idInputSchema,
  occurredAt: boundInstantSchema,
});
export type EventKey = z.infer<typeof eventKeySchema>;
