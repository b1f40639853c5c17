import { deleteSessionsOfKey, findTenantKeyRow, rotateApiKeyRow } from '@tidemark/database';
import { type RotatedKey, type RotateKeyInput, tenantRoleSchema, toInstant } from '@tidemark/schemas';
import { changeAudited } from '../audit/change-audited.ts';
import { hashSecret, makeKeySecret, toPrefix } from '../auth/secret.ts';
import { assertScope, type TenantContext } from '../context.ts';
import { TidemarkError } from '../tidemark-error.ts';
import { toApiKey } from './to-api-key.ts';

/**
 * Gives a key of the tenant a new secret, which is in this answer and nowhere else. The one before works on for
 * `graceMs`, by default not at all; one that was on its way out ends at once. What the key signed in is signed out:
 * a secret that leaked may have signed in as well.
 */
export async function rotateKey(ctx: TenantContext, { id, graceMs }: RotateKeyInput): Promise<RotatedKey> {
  assertScope(ctx, 'admin:write');
  const { clock, bus } = ctx.resources;
  const now = clock();
  const previousEndsAt = graceMs === 0 ? null : now + graceMs;
  const { row, secret } = await changeAudited(ctx, ctx.tenant.id, async ({ db, tenantId }) => {
    const found = await findTenantKeyRow(db, tenantId, id);
    if (found === undefined) throw new TidemarkError('not_found', 'This tenant has no key with this id.', { id });
    const made = makeKeySecret(tenantRoleSchema.parse(found.role));
    const secretHash = hashSecret(made);
    const prefix = toPrefix(made);
    const rotated = await rotateApiKeyRow(db, { tenantId, id, secretHash, prefix, now, previousEndsAt });
    if (rotated === undefined) {
      throw new TidemarkError('conflict', 'This key was revoked or has expired: create a new one.', { id });
    }
    const endedSessions = await deleteSessionsOfKey(db, rotated.id);
    const note = { action: 'keys.rotate' as const, target: rotated.id, evidence: { graceMs, endedSessions } };
    return { result: { row: rotated, secret: made }, note };
  });
  bus.announce({ about: 'key', id: row.id });
  return {
    ...toApiKey(row),
    secret,
    previousEndsAt: previousEndsAt === null ? null : toInstant(previousEndsAt),
  };
}
