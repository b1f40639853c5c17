import { listSessionRows } from '@tidemark/database';
import { roleSchema, type Session, toInstant } from '@tidemark/schemas';
import { type ActorContext, assertScope } from '../context.ts';
import { withReadFaults } from '../with-read-faults.ts';

/** More than are looked through by hand; each ends after 30 days at the latest. */
const MAX_LISTED = 1_000;

/** The sessions of the tenant, or of the platform where a platform actor names none; newest first. */
export async function listSessions(ctx: ActorContext): Promise<Session[]> {
  assertScope(ctx, 'admin:write');
  const { actor, resources, namedTenant = null } = ctx;
  const tenantId = actor.tenantId ?? namedTenant;
  const page = { now: resources.clock(), limit: MAX_LISTED };
  const { lookUp, database } = resources;
  const rows = await withReadFaults(() => lookUp(() => listSessionRows(database.directory, tenantId, page)));
  return rows.map(({ role, createdAt, expiresAt, ...row }) => ({
    ...row,
    role: roleSchema.parse(role),
    createdAt: toInstant(createdAt),
    expiresAt: toInstant(expiresAt),
    isCurrent: row.id === actor.sessionId,
  }));
}
