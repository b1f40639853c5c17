import type { ApiKeyRow } from '@tidemark/database';
import { type ApiKey, tenantRoleSchema, toInstant } from '@tidemark/schemas';

/** A tenant's key as it is listed. */
export function toApiKey({ id, name, role, prefix, ...key }: ApiKeyRow): ApiKey {
  return {
    id,
    name,
    role: tenantRoleSchema.parse(role),
    prefix,
    createdAt: toInstant(key.createdAt),
    expiresAt: toInstantOrNull(key.expiresAt),
    revokedAt: toInstantOrNull(key.revokedAt),
    lastUsedAt: toInstantOrNull(key.lastUsedAt),
  };
}

function toInstantOrNull(epochMs: number | null): string | null {
  return epochMs === null ? null : toInstant(epochMs);
}
