import { connectDatabase, type Database, InjectedFaults } from '@tidemark/database';
import { createInProcessBus, createRedisBus, createRedisCacheStore, createRedisLimitStore } from '@tidemark/redis';
import { ROLE_SCOPES, type Role, type Tenant } from '@tidemark/schemas';
import {
  type ActorContext,
  createResources,
  createTenant,
  DEFAULT_LIMITS,
  type LabEngine,
  type LimitRules,
  type ResourceOptions,
  type Resources,
  type TenantContext,
} from '@tidemark/services';
import { databaseResource } from './database-resource.ts';

export type ServicesResource = AsyncDisposable & {
  readonly resources: Resources;
  readonly database: Database;
  /** The owner's URL, for an oracle's own connection. */
  readonly url: string;
  /** What the services take for now, in epoch ms; the real time until it is set. */
  setNow(epochMs: number): void;
  /** A caller of a role; of the tenant, where one is given. */
  actorContext(role: Role, tenant?: Pick<Tenant, 'id'>): ActorContext;
  /** A new tenant, and its admin as the caller. */
  tenantContext(options?: { timeZone?: string; role?: Role }): Promise<TenantContext>;
};

export type ServicesResourceOptions = {
  /** The owner's URL of a database to share. Default: one of the test's own. */
  readonly databaseUrl?: string;
  /** Default: none, so an in-process bus and cache. */
  readonly redisUrl?: string;
  /** Default: false, as other services may be opened over the same database. */
  readonly isOnlyServer?: boolean;
  /** How runs of the lab are made; faults may then be injected too. Default: no lab. */
  readonly runLab?: LabEngine['run'];
  /** Default: none that a test would meet. */
  readonly limits?: Partial<LimitRules>;
  /** Monotonic ms, by which the cache tells how long ago an answer was right. Default: the real one. */
  readonly elapsed?: () => number;
  /** Told when a breaker opens, probes and closes. */
  readonly onBreaker?: ResourceOptions['onBreaker'];
  /** Where samples of load come from. Nothing takes them by itself here: `resources.load.sample()` does. */
  readonly load?: ResourceOptions['load'];
};

const ROOMY_LIMITS = Object.fromEntries(
  Object.entries(DEFAULT_LIMITS).map(([name, { windowMs }]) => [name, { budget: 1_000_000, windowMs }]),
);

/** The services without a server in between; two of them over one database are like two servers. */
export async function servicesResource(options: ServicesResourceOptions = {}): Promise<ServicesResource> {
  const {
    databaseUrl,
    redisUrl,
    isOnlyServer = false,
    runLab,
    limits = ROOMY_LIMITS,
    elapsed,
    onBreaker,
    load,
  } = options;
  const lab = runLab && { run: runLab, faults: new InjectedFaults() };
  await using opening = new AsyncDisposableStack();
  const url = databaseUrl ?? opening.use(await databaseResource()).url;
  const database = opening.adopt(connectDatabase({ url, faults: lab?.faults }), (opened) => opened.close());
  const bus = opening.use(redisUrl === undefined ? createInProcessBus() : createRedisBus({ url: redisUrl }));
  const sharedCache = redisUrl === undefined ? undefined : opening.use(createRedisCacheStore({ url: redisUrl }));
  const limitStore = redisUrl === undefined ? undefined : opening.use(createRedisLimitStore({ url: redisUrl }));
  let now: number | undefined;
  const resources = createResources({
    database,
    bus,
    sharedCache,
    limitStore,
    limits,
    isOnlyServer,
    lab,
    clock: () => now ?? Date.now(),
    ...(elapsed && { elapsed }),
    ...(onBreaker && { onBreaker }),
    ...(load && { load }),
  });
  let tenants = 0;

  const actorContext = (role: Role, tenant?: Pick<Tenant, 'id'>): ActorContext => ({
    requestId: 'test',
    resources,
    actor: {
      keyId: '00000000-0000-0000-0000-000000000000',
      sessionId: null,
      name: `test ${role}`,
      role,
      scopes: ROLE_SCOPES[role],
      tenantId: tenant?.id ?? null,
      endsAt: null,
    },
    isStillAllowed: async () => true,
    priority: 'normal',
  });

  const tenantContext: ServicesResource['tenantContext'] = async ({ timeZone = 'UTC', role = 'admin' } = {}) => {
    tenants += 1;
    const slug = `tenant-${tenants}`;
    const { id } = await createTenant(actorContext('platform'), { slug, name: slug, timeZone });
    const tenant = await resources.tenants.findTenant(id);
    if (tenant === undefined) throw new Error(`the tenant ${slug} was made and is not there`);
    return { ...actorContext(role, tenant), tenant };
  };

  const opened = opening.move();
  return {
    resources,
    database,
    url,
    setNow: (epochMs) => {
      now = epochMs;
    },
    actorContext,
    tenantContext,
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}
