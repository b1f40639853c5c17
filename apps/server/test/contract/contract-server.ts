import { createdKeySchema, type Tenant, type TenantRole, tenantSchema } from '@tidemark/schemas';
import { databaseResource, type ServerResource, type ServerResourceOptions, serverResource } from '@tidemark/testing';
import { dataOf } from './expectations.ts';
import { HttpCaller } from './http-caller.ts';

/** A tenant of a test's own, and callers with keys of it. */
export type ContractTenant = Tenant & {
  readonly admin: HttpCaller;
  /** The secret of the admin's key. */
  readonly key: string;
  /** A new key of the role. */
  caller(role: TenantRole): Promise<HttpCaller>;
};

export type ContractServer = AsyncDisposable & {
  readonly databaseUrl: string;
  readonly server: ServerResource;
  /** Sends no key. */
  readonly anyone: HttpCaller;
  readonly platform: HttpCaller;
  createTenant(options?: { timeZone?: string }): Promise<ContractTenant>;
};

/** A real server over a database of its own, to be called over HTTP. */
export async function contractServer(
  options: Pick<ServerResourceOptions, 'env'> & { databaseUrl?: string } = {},
): Promise<ContractServer> {
  await using opening = new AsyncDisposableStack();
  const databaseUrl = options.databaseUrl ?? opening.use(await databaseResource()).url;
  const server = opening.use(await serverResource({ ...options, databaseUrl }));
  const anyone = new HttpCaller(server.url);
  const platform = anyone.withKey(server.platformKey);
  let tenants = 0;

  const createTenant: ContractServer['createTenant'] = async ({ timeZone = 'UTC' } = {}) => {
    tenants += 1;
    const slug = `tenant-${tenants}`;
    const tenant = dataOf(await platform.post('admin.tenants.create', { slug, name: slug, timeZone }), tenantSchema);
    const acting = platform.with({ 'x-tenant-id': tenant.id });
    const createKey = async (role: TenantRole) => {
      const { secret } = dataOf(await acting.post('admin.keys.create', { name: role, role }), createdKeySchema);
      return secret;
    };
    const key = await createKey('admin');
    return {
      ...tenant,
      admin: anyone.withKey(key),
      key,
      caller: async (role) => anyone.withKey(await createKey(role)),
    };
  };

  const opened = opening.move();
  return { databaseUrl, server, anyone, platform, createTenant, [Symbol.asyncDispose]: () => opened.disposeAsync() };
}
