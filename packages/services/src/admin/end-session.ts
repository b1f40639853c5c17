import { deleteSessionRow } from '@tidemark/database';
import type { EndSessionInput } from '@tidemark/schemas';
import { changeAudited } from '../audit/change-audited.ts';
import { type ActorContext, assertScope } from '../context.ts';
import { TidemarkError } from '../tidemark-error.ts';

/**
 * Signs out: the calling session, which a key has none of, or one that is named, which takes an admin of its tenant.
 * Another tenant's looks like a missing one.
 */
export async function endSession(ctx: ActorContext, input: EndSessionInput): Promise<{ ended: boolean }> {
  const { actor, namedTenant = null } = ctx;
  const { id } = input ?? {};
  if (id === undefined || id === actor.sessionId) {
    return { ended: actor.sessionId !== null && (await end(ctx, actor.tenantId, actor.sessionId)) };
  }
  assertScope(ctx, 'admin:write');
  if (await end(ctx, actor.tenantId ?? namedTenant, id)) return { ended: true };
  throw new TidemarkError('not_found', 'There is no session with this id: admin.sessions.list names them.', { id });
}

async function end(ctx: ActorContext, tenantId: string | null, id: string): Promise<boolean> {
  const ended = await changeAudited(ctx, tenantId, async ({ db }) => {
    const result = await deleteSessionRow(db, tenantId, id);
    return { result, note: result ? { action: 'sessions.end', target: id } : undefined };
  });
  ctx.resources.bus.announce({ about: 'session', id });
  return ended;
}
