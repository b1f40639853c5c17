import type { ApiKeyRow, FoundApiKeyRow, SessionRow } from '@tidemark/database';
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
  /** When the credential ends by itself, epoch ms. */
  readonly endsAt: number | null;
};

/** The actor a key or session stands for until it ends; undefined once the key is revoked. */
export function toActor(row: ApiKeyRow | FoundApiKeyRow | SessionRow): Actor | undefined {
  if (row.revokedAt !== null) return undefined;
  const role = roleSchema.parse(row.role);
  return {
    keyId: row.id,
    sessionId: 'sessionId' in row ? row.sessionId : null,
    name: row.name,
    role,
    scopes: ROLE_SCOPES[role],
    tenantId: row.tenantId,
    endsAt: toEnd(row),
  };
}

/** Whether a credential holds at `now` (epoch ms). */
export function isInForce({ endsAt }: Actor, now: number): boolean {
  return endsAt === null || endsAt > now;
}

function toEnd(row: ApiKeyRow | FoundApiKeyRow | SessionRow): number | null {
  const ends = [
    row.expiresAt,
    'secretEndsAt' in row ? row.secretEndsAt : null,
    'sessionExpiresAt' in row ? row.sessionExpiresAt : null,
  ].filter((end) => end !== null);
  return ends.length === 0 ? null : Math.min(...ends);
}
