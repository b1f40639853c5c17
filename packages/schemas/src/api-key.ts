import { z } from 'zod';
import { idInputSchema } from './id-input.ts';
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
  /** To about a minute. */
  lastUsedAt: instantSchema.nullable(),
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

/** The longest that a secret works on after it was replaced: a day, for deployments to follow. */
export const MAX_ROTATION_GRACE_MS = 24 * 60 * 60_000;

export const rotateKeyInputSchema = z.strictObject({
  id: idInputSchema,
  /** How long the secret before works on. */
  graceMs: z.int().min(0).max(MAX_ROTATION_GRACE_MS).default(0),
});
export type RotateKeyInput = z.output<typeof rotateKeyInputSchema>;

/** The key with its new secret, and until when the one before works; null: no more. */
export const rotatedKeySchema = createdKeySchema.extend({ previousEndsAt: instantSchema.nullable() });
export type RotatedKey = z.infer<typeof rotatedKeySchema>;

export const revokeKeyInputSchema = z.strictObject({ id: idInputSchema });
