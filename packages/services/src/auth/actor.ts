import type { ApiKeyRow } from '@tidemark/database';
import { ROLE_SCOPES, type Role, roleSchema, type Scope } from '@tidemark/schemas';

/** Who calls: an API key, or a session signed in with one. */
export type Actor = {
  readonly keyId: string;
  readonly sessionId: string | null;
  readonly name: string;
  readonly role: Role;
  readonly scopes: readonly Scope[];
  /** Null for platform actors, who name the tenant per request. */
  readonly tenantId: string | null;
};

/** The actor a key stands for at `now` (epoch ms), or undefined once it is revoked or expired. */
export function toActor(key: ApiKeyRow, sessionId: string | null, now: number): Actor | undefined {
  if (key.revokedAt !== null || (key.expiresAt !== null && key.expiresAt <= now)) return undefined;
  const role = roleSchema.parse(key.role);
  return { keyId: key.id, sessionId, name: key.name, role, scopes: ROLE_SCOPES[role], tenantId: key.tenantId };
}
