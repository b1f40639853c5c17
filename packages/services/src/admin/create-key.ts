import { countKeysInForce, insertApiKeyRow } from '@tidemark/database';
import type { CreatedKey, CreateKeyInput } from '@tidemark/schemas';
import { changeAudited } from '../audit/change-audited.ts';
import { hashSecret, makeKeySecret, toPrefix } from '../auth/secret.ts';
import { assertScope, type TenantContext } from '../context.ts';
import { makeUuidV7 } from '../events/uuid-v7.ts';
import { TidemarkError } from '../tidemark-error.ts';
import { MAX_KEYS } from './max-keys.ts';
import { toApiKey } from './to-api-key.ts';

/** Makes a key of the tenant. Its secret is in this answer and nowhere else. */
export async function createKey(ctx: TenantContext, { name, role, expiresAt }: CreateKeyInput): Promise<CreatedKey> {
  assertScope(ctx, 'admin:write');
  const now = ctx.resources.clock();
  const expires = expiresAt === undefined ? null : Date.parse(expiresAt);
  if (expires !== null && expires <= now) {
    throw new TidemarkError('invalid_input', 'expiresAt must lie ahead.', { field: 'expiresAt', expiresAt });
  }
  const secret = makeKeySecret(role);
  const key = {
    id: makeUuidV7(now),
    tenantId: ctx.tenant.id,
    name,
    role,
    prefix: toPrefix(secret),
    createdAt: now,
    expiresAt: expires,
    revokedAt: null,
    lastUsedAt: null,
  };
  await changeAudited(ctx, key.tenantId, async ({ db, tenantId }) => {
    if ((await countKeysInForce(db, tenantId, now)) >= MAX_KEYS) throw tooMany();
    await insertApiKeyRow(db, key, hashSecret(secret));
    return { result: key, note: { action: 'keys.create', target: key.id, evidence: { name, role, expiresAt } } };
  });
  return { ...toApiKey(key), secret };
}

function tooMany(): TidemarkError {
  const reason = `This tenant has ${MAX_KEYS} keys in force, which is the most: revoke one that nobody uses any more.`;
  return new TidemarkError('conflict', reason, { limit: MAX_KEYS });
}
