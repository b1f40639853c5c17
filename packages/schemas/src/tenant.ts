import { z } from 'zod';
import { idInputSchema } from './id-input.ts';
import { instantSchema } from './instant.ts';
import { textSchema } from './text.ts';
import { timeZoneSchema } from './time-zone.ts';

export const slugSchema = z
  .string()
  .regex(
    /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
    'must be 1 to 63 of a-z, 0-9 and inner hyphens, for example acme-shop',
  );

export const tenantSchema = z.object({
  id: z.guid(),
  slug: z.string(),
  name: z.string(),
  timeZone: z.string(),
  createdAt: instantSchema,
});
export type Tenant = z.infer<typeof tenantSchema>;

export const createTenantInputSchema = z.strictObject({
  slug: slugSchema,
  name: textSchema(100),
  timeZone: timeZoneSchema.default('UTC'),
});
export type CreateTenantInput = z.output<typeof createTenantInputSchema>;

/** What to change of a tenant. `id` is for platform keys, which may also name it by `x-tenant-id`. */
export const updateTenantInputSchema = z
  .strictObject({
    id: idInputSchema.optional(),
    name: textSchema(100).optional(),
    timeZone: timeZoneSchema.optional(),
  })
  .refine(({ name, timeZone }) => name !== undefined || timeZone !== undefined, 'must change the name or the timeZone');
export type UpdateTenantInput = z.output<typeof updateTenantInputSchema>;
