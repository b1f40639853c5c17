import { insertApiKeyRow, revokeOtherPlatformKeyRows } from '@tidemark/database';
import { changeAudited } from '../audit/change-audited.ts';
import { hashSecret } from '../auth/secret.ts';
import { type ActorContext, assertScope } from '../context.ts';
import { makePlatformKey } from './ensure-platform-key.ts';

/**
 * Registers a platform key and, where it is new, ends every other one and what they signed in, on every server: both or
 * neither. A key that is known changes nothing.
 */
export async function replacePlatformKeys(ctx: ActorContext, secret: string): Promise<void> {
  assertScope(ctx, 'platform');
  const { bus, clock } = ctx.resources;
  const now = clock();
  const ended = await changeAudited(ctx, null, async ({ db }) => {
    const isNew = await insertApiKeyRow(db, makePlatformKey(secret, now), hashSecret(secret));
    const result = isNew ? await revokeOtherPlatformKeyRows(db, hashSecret(secret), now) : [];
    const evidence = { prefixes: result.map(({ prefix }) => prefix) };
    return { result, note: result.length > 0 ? { action: 'keys.revoke', evidence } : undefined };
  });
  for (const { id } of ended) bus.announce({ about: 'key', id });
}
