import type { ApiKeyRow } from '@tidemark/database';
import { type ApiKey, tenantRoleSchema, toInstant } from '@tidemark/schemas';

/** A tenant's key as it is listed. */
export function toApiKey({ id, name, role, prefix, createdAt, expiresAt, revokedAt }: ApiKeyRow): ApiKey {
  return {
    id,
    name,
    role: tenantRoleSchema.parse(role),
    prefix,
    createdAt: toInstant(createdAt),
    expiresAt: expiresAt === null ? null : toInstant(expiresAt),
    revokedAt: revokedAt === null ? null : toInstant(revokedAt),
  };
}
