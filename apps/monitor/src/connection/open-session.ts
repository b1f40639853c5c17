import { createTidemark, type Tidemark } from '@tidemark/client';
import type { Tenant } from '@tidemark/schemas';
import { Failure } from './failure.ts';
import type { Connection } from './resolve-connection.ts';

/** Whom the key speaks for: the tenants to look at, the one to begin with, and a client for each. */
export type Session = {
  readonly url: string;
  readonly tenants: readonly Tenant[];
  readonly first: Tenant;
  readonly tidemarkOf: (tenant: Tenant) => Tidemark;
};

/** What to open: a connection, and by slug or id the tenant to begin with. */
export type SessionWish = { readonly connection: Connection; readonly tenant: string | undefined };

/** Asks who we are; fails when the server does not answer, refuses the key or knows no such tenant. */
export async function openSession({ connection, tenant }: SessionWish, signal?: AbortSignal): Promise<Session> {
  const { url, key } = connection;
  const { role, tenants } = await createTidemark({ url, key, retries: 0 }).admin.sessions.current.query(
    undefined,
    signal === undefined ? {} : { signal },
  );
  const isPlatform = role === 'platform';
  return {
    url,
    tenants,
    first: findTenant(tenants, tenant),
    tidemarkOf: ({ id }) => createTidemark({ url, key, tenantId: isPlatform ? id : undefined }),
  };
}

function findTenant(tenants: readonly Tenant[], name: string | undefined): Tenant {
  const [first] = tenants;
  if (first === undefined) throw new Failure('This server has no tenants yet.', 'Make one with admin.tenants.create.');
  const found = tenants.find(({ id, slug }) => name === undefined || slug === name || id === name.toLowerCase());
  if (found !== undefined) return found;
  throw new Failure(`No tenant "${name}".`, `There are: ${tenants.map(({ slug }) => slug).join(', ')}`);
}
