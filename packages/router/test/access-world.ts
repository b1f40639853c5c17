import { appRouter } from '@tidemark/router';
import { ROLE_SCOPES, type Role, type Scope } from '@tidemark/schemas';
import {
  createKey,
  createSession,
  ensurePlatformKey,
  ingestEvents,
  makeKeySecret,
  revokeKey,
  type TenantContext,
} from '@tidemark/services';
import type { ServicesResource } from '@tidemark/testing';

/** The procedures, called without a transport in between. */
export type Caller = ReturnType<typeof appRouter.createCaller>;

/** Who calls: a key of a role, or nobody. */
export type Credential = Role | 'nobody';

/** One of the two tenants: with an event, a key and a session that the other must not come by. */
export type World = {
  readonly tenantId: string;
  readonly event: { readonly id: string; readonly occurredAt: string; readonly type: string; readonly userId: string };
  readonly key: { readonly id: string; readonly secret: string };
  /** Procedures as called with a key of this tenant, or a platform key that names it. */
  as(credential: Credential): Promise<Caller>;
  /** As called with an admin's key of this tenant that names another one. */
  asNaming(tenantId: string): Promise<Caller>;
  /** As called with an admin's key that was revoked. */
  asRevoked(): Promise<Caller>;
  /** As called with a session of its own. */
  asSession(): Promise<Caller>;
};

export async function createWorld({ resources, tenantContext }: ServicesResource): Promise<World> {
  const ctx = await tenantContext();
  const event = { id: crypto.randomUUID(), occurredAt: new Date().toISOString(), type: 'secret', userId: 'ada' };
  await ingestEvents(ctx, { events: [event] });
  const key = await createKey(ctx, { name: 'its own', role: 'viewer' });
  const callWith = (bearer: string | undefined, namedTenant?: string) =>
    appRouter.createCaller({ requestId: 'test', resources, bearer, namedTenant });
  return {
    tenantId: ctx.tenant.id,
    event,
    key,
    as: async (credential) =>
      credential === 'nobody'
        ? callWith(undefined)
        : callWith(await secretOf(ctx, credential), credential === 'platform' ? ctx.tenant.id : undefined),
    asNaming: async (tenantId) => callWith(await secretOf(ctx, 'admin'), tenantId),
    asRevoked: async () => {
      const { id, secret } = await createKey(ctx, { name: 'revoked', role: 'admin' });
      await revokeKey(ctx, { id });
      return callWith(secret);
    },
    asSession: async () => callWith((await createSession(ctx, { key: key.secret })).token),
  };
}

async function secretOf(ctx: TenantContext, role: Role): Promise<string> {
  if (role !== 'platform') return (await createKey(ctx, { name: role, role })).secret;
  const secret = makeKeySecret(role);
  await ensurePlatformKey(ctx.resources, secret);
  return secret;
}

/** The roles that have a scope, and those that lack it. */
export function rolesWith(scope: Scope): { having: Role[]; lacking: Role[] } {
  const roles = Object.keys(ROLE_SCOPES) as Role[];
  const has = (role: Role) => (ROLE_SCOPES[role] as readonly Scope[]).includes(scope);
  return { having: roles.filter(has), lacking: roles.filter((role) => !has(role)) };
}
