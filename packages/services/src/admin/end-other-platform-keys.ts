import { revokeOtherPlatformKeyRows } from '@tidemark/database';
import { changeAudited } from '../audit/change-audited.ts';
import { hashSecret } from '../auth/secret.ts';
import { type ActorContext, assertScope } from '../context.ts';

/** Ends every platform key but this one, and what they signed in, on every server. */
export async function endOtherPlatformKeys(ctx: ActorContext, secret: string): Promise<void> {
  assertScope(ctx, 'platform');
  const { bus, clock } = ctx.resources;
  const ended = await changeAudited(ctx, null, async ({ db }) => {
    const result = await revokeOtherPlatformKeyRows(db, hashSecret(secret), clock());
    const evidence = { prefixes: result.map(({ prefix }) => prefix) };
    return { result, note: result.length > 0 ? { action: 'keys.revoke', evidence } : undefined };
  });
  for (const { id } of ended) bus.announce({ about: 'key', id });
}
