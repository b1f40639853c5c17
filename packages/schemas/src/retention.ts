import { z } from 'zod';
import { instantSchema } from './instant.ts';

/** Events lie at most twenty years back. */
const MAX_DAYS = 20 * 366;

const daysSchema = z.int().min(1).max(MAX_DAYS).nullable();

/** For how many days a tenant keeps its raw events and its rollups; null: for good. */
export const retentionInputSchema = z
  .strictObject({ rawDays: daysSchema, rollupDays: daysSchema })
  .refine(({ rawDays, rollupDays }) => rollupDays === null || (rawDays !== null && rawDays <= rollupDays), {
    error: 'must not be shorter than for raw events: rollups are made of them',
    path: ['rollupDays'],
  });
export type RetentionInput = z.output<typeof retentionInputSchema>;

/** The setting, and from when on there is what (null: from the first event). These only ever move forward. */
export const retentionSchema = z.object({
  rawDays: daysSchema,
  rollupDays: daysSchema,
  rawFrom: instantSchema.nullable(),
  rollupsFrom: instantSchema.nullable(),
  /** Whether something is still to be deleted. */
  isTrimming: z.boolean(),
});
export type Retention = z.output<typeof retentionSchema>;

/** What a setting would delete if it were made now. */
export const retentionPreviewSchema = z.object({
  rawFrom: instantSchema.nullable(),
  rollupsFrom: instantSchema.nullable(),
  /** Raw events that would go, whose they are, and how many months would hold none of the tenant's any more. */
  raw: z.object({ events: z.number(), users: z.number(), months: z.number() }),
  /** Events that not even the rollups would count any more, and whose they are. */
  rollups: z.object({ events: z.number(), users: z.number() }),
});
export type RetentionPreview = z.output<typeof retentionPreviewSchema>;
