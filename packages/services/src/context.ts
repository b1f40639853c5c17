import type { Role, Scope } from '@tidemark/schemas';
import { TidemarkError } from './tidemark-error.ts';
import type { Resources } from './resources.ts';

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

/** The tenant a call is about. */
export type TenantRef = { readonly id: string; readonly slug: string; readonly timeZone: string };

export type AnonymousContext = { readonly requestId: string; readonly resources: Resources };
export type ActorContext = AnonymousContext & { readonly actor: Actor };
export type TenantContext = ActorContext & { readonly tenant: TenantRef };

/** What the transport knows of a request before anything is checked. */
export type RawContext = AnonymousContext & {
  readonly actor: Actor | undefined;
  readonly namedTenant: string | undefined;
};

export function anonymousContext({ requestId, resources }: RawContext): AnonymousContext {
  return { requestId, resources };
}

/** Narrows to a known caller, or refuses with `unauthenticated`. */
export function actorContext({ requestId, resources, actor }: RawContext): ActorContext {
  if (actor === undefined) {
    throw new TidemarkError('unauthenticated', 'This call needs a key: send the header "authorization: Bearer <key>".');
  }
  return { requestId, resources, actor };
}

/** Narrows to a caller and its tenant: a key's own, or the one a platform key names. */
export async function tenantContext(raw: RawContext): Promise<TenantContext> {
  const context = actorContext(raw);
  const tenantId = toTenantId(context.actor, raw.namedTenant);
  const tenant = await raw.resources.directory.findTenant(tenantId);
  if (tenant === undefined) {
    throw new TidemarkError('not_found', `There is no tenant ${tenantId}; admin.tenants.list names them.`, {
      tenantId,
    });
  }
  return { ...context, tenant };
}

function toTenantId(actor: Actor, named: string | undefined): string {
  if (actor.tenantId !== null) {
    if (named !== undefined && named.toLowerCase() !== actor.tenantId) {
      throw new TidemarkError('forbidden', 'This key belongs to another tenant: leave x-tenant-id out.', {
        header: 'x-tenant-id',
      });
    }
    return actor.tenantId;
  }
  if (named === undefined) {
    throw new TidemarkError(
      'tenant_required',
      'A platform key acts for no tenant by itself: name one with the header "x-tenant-id: <tenant id>".',
      { header: 'x-tenant-id' },
    );
  }
  if (!UUID.test(named)) {
    throw new TidemarkError('invalid_input', 'The header x-tenant-id must be the UUID of a tenant.', {
      header: 'x-tenant-id',
    });
  }
  return named.toLowerCase();
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Refuses an actor without the scope; the first line of every verb. */
export function assertScope({ actor }: ActorContext, scope: Scope): void {
  if (!actor.scopes.includes(scope)) {
    throw new TidemarkError('forbidden', `This key has the role ${actor.role}, which lacks the scope ${scope}.`, {
      role: actor.role,
      scope,
    });
  }
}
