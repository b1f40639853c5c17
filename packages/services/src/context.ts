import type { TenantRow } from '@tidemark/database';
import { PRIORITIES, type Priority, prioritySchema, type Role, type Scope } from '@tidemark/schemas';
import type { Actor } from './auth/actor.ts';
import type { Bill } from './limits/bill.ts';
import { withAttempt } from './limits/with-attempt.ts';
import type { Resources } from './resources.ts';
import { TidemarkError } from './tidemark-error.ts';
import { withReadFaults } from './with-read-faults.ts';

/** The tenant a call is about. */
export type TenantRef = Pick<TenantRow, 'id' | 'slug' | 'timeZone'> & Partial<Pick<TenantRow, 'limits'>>;

/** Who may put its questions before others'. */
const MAY_BE_HIGH: readonly Role[] = ['admin', 'platform'];

export type AnonymousContext = {
  readonly requestId: string;
  readonly resources: Resources;
  /** The client's network address, where the transport knows it. */
  readonly address?: string | undefined;
};
export type ActorContext = AnonymousContext & {
  readonly actor: Actor;
  /** Whether the credential still holds: asked again while a stream runs. */
  readonly isStillAllowed: () => Promise<boolean>;
  /** The tenant that a platform key names, whether there is one or not. */
  readonly namedTenant?: string | undefined;
  /** What its questions get under load. */
  readonly priority: Priority;
  /** Where what its calls are charged is gathered for the answer. */
  readonly bill?: Bill | undefined;
};
export type TenantContext = ActorContext & { readonly tenant: TenantRef };

/** A call of a request, of a procedure or of the export. A stream is `ok` until it is refused. */
export type NotedCall = { readonly procedure: string; outcome: string };

/** What a request turned out to be, for its line in the log. */
export type RequestTrail = {
  readonly calls: NotedCall[];
  actor: Pick<Actor, 'keyId' | 'tenantId'> | undefined;
  /** The tenant that a platform key named. */
  tenantId: string | undefined;
};

/** What the transport knows of a request before anything is checked. */
export type RawContext = AnonymousContext & {
  /** The bearer token of `authorization`. */
  readonly bearer: string | undefined;
  /** `x-tenant-id` as sent. */
  readonly namedTenant: string | undefined;
  /** `x-priority` as sent. */
  readonly namedPriority?: string | undefined;
  readonly bill?: Bill | undefined;
  /** Is told what becomes known of the request. */
  readonly trail?: RequestTrail | undefined;
};

export function anonymousContext({ requestId, resources, address }: RawContext): AnonymousContext {
  return { requestId, resources, address };
}

/** Narrows to a known caller, who names no tenant but their own unless they are of the platform. */
export async function actorContext(raw: RawContext): Promise<ActorContext> {
  const { requestId, resources, address, bearer, namedTenant, bill } = raw;
  if (bearer === undefined) {
    throw new TidemarkError('unauthenticated', 'This call needs a key: send the header "authorization: Bearer <key>".');
  }
  const authenticate = () => resources.authenticator.authenticate(bearer);
  const isKnown = resources.authenticator.knows(bearer);
  const actor = await withReadFaults(() => withAttempt(raw, { isKnown, attempt: authenticate }));
  if (actor === undefined) {
    throw new TidemarkError('unauthenticated', 'This key is unknown, expired or revoked: use another one.');
  }
  if (raw.trail !== undefined) raw.trail.actor = actor;
  if (actor.tenantId !== null && namedTenant !== undefined && namedTenant.toLowerCase() !== actor.tenantId) {
    throw new TidemarkError('forbidden', 'This key belongs to another tenant: leave x-tenant-id out.', {
      header: 'x-tenant-id',
    });
  }
  return {
    requestId,
    resources,
    address,
    bill,
    actor,
    isStillAllowed: async () => (await authenticate()) !== undefined,
    namedTenant: namedTenant === undefined ? undefined : parseTenantId(namedTenant),
    priority: toPriority(raw.namedPriority, actor),
  };
}

/** Narrows to a caller and its tenant: a key's own, or the one a platform key names. */
export async function tenantContext(raw: RawContext): Promise<TenantContext> {
  const context = await actorContext(raw);
  const tenantId = toTenantId(context);
  const tenant = await withReadFaults(() => raw.resources.tenants.findTenant(tenantId));
  if (tenant === undefined) {
    throw new TidemarkError('not_found', `There is no tenant ${tenantId}; admin.tenants.list names them.`, {
      tenantId,
    });
  }
  if (raw.trail !== undefined) raw.trail.tenantId = tenant.id;
  return { ...context, tenant };
}

function toTenantId({ actor, namedTenant }: ActorContext): string {
  if (actor.tenantId !== null) return actor.tenantId;
  if (namedTenant === undefined) {
    throw new TidemarkError(
      'tenant_required',
      'A platform key acts for no tenant by itself: name one with the header "x-tenant-id: <tenant id>".',
      { header: 'x-tenant-id' },
    );
  }
  return namedTenant;
}

function parseTenantId(named: string): string {
  if (UUID.test(named)) return named.toLowerCase();
  throw new TidemarkError('invalid_input', 'The header x-tenant-id must be the UUID of a tenant.', {
    header: 'x-tenant-id',
  });
}

function toPriority(named: string | undefined, { role }: Actor): Priority {
  const header = 'x-priority';
  const { data: priority } = prioritySchema.safeParse(named ?? 'normal');
  if (priority === undefined) {
    throw new TidemarkError('invalid_input', `The header ${header} must be one of ${PRIORITIES.join(', ')}.`, {
      header,
    });
  }
  if (priority === 'high' && !MAY_BE_HIGH.includes(role)) {
    const remedy = `High priority is for the roles ${MAY_BE_HIGH.join(' and ')}: leave ${header} out.`;
    throw new TidemarkError('forbidden', remedy, { header, role });
  }
  return priority;
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
