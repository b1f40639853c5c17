import { z } from 'zod';
import { boundInstantSchema, instantSchema } from './instant.ts';
import { tenantRoleSchema } from './role.ts';
import { textSchema } from './text.ts';

/** A tenant's key as it is listed: its prefix names it, its secret is never shown again. */
export const apiKeySchema = z.object({
  id: z.guid(),
  name: z.string(),
  role: tenantRoleSchema,
  prefix: z.string(),
  createdAt: instantSchema,
  expiresAt: instantSchema.nullable(),
  revokedAt: instantSchema.nullable(),
});
export type ApiKey = z.infer<typeof apiKeySchema>;

export const createKeyInputSchema = z.strictObject({
  name: textSchema(100),
  role: tenantRoleSchema,
  expiresAt: boundInstantSchema.optional(),
});
export type CreateKeyInput = z.infer<typeof createKeyInputSchema>;

/** The one answer that holds the secret. */
export const createdKeySchema = apiKeySchema.extend({ secret: z.string() });
export type CreatedKey = z.infer<typeof createdKeySchema>;

export const revokeKeyInputSchema = z.strictObject({ id: z.guid({ error: 'must be a UUID' }) });
