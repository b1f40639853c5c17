import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type EmbeddedPostgres, migrateDatabase, superviseEmbeddedPostgres } from '@tidemark/database';
import { createdKeySchema } from '@tidemark/schemas';
import { CuttingProxy } from '../cutting-proxy.ts';
import { createLoadTenant, type LoadTenant } from '../load/create-load-tenant.ts';
import { Oracle } from '../oracle/oracle.ts';
import { PostgresProxy } from '../postgres-proxy/postgres-proxy.ts';
import { RedisServer } from '../redis-server.ts';
import { type ServerResource, serverResource } from '../server-resource.ts';
import { temporaryFolderResource } from '../temporary-folder-resource.ts';
import { findProcessTree, signalAll } from './process-tree.ts';

const SERVERS = 2;
const DRAW_SEED = 1;
const REBUILDING_POLL_MS = 5;
/** As supervisors do: a database that was killed as well may not be there yet. */
const RESTART_MS = 500;
const MAX_FAILED_STARTS = 20;

/** PostgreSQL, Redis and two servers, each a process of its own, with wires between them that can be cut. */
export class FaultWorld implements AsyncDisposable {
  readonly #resources: AsyncDisposableStack;
  readonly #postgres: EmbeddedPostgres;
  readonly #start: (place: number) => Promise<ServerResource>;
  readonly #zones = ['Europe/Berlin', 'Asia/Kathmandu'];
  readonly servers: ServerResource[];
  readonly redis: RedisServer;
  /** Between the servers and PostgreSQL. */
  readonly database: PostgresProxy;
  /** Between the servers and Redis, and between the clients and each server. */
  readonly wires: readonly CuttingProxy[];
  /** Where clients find the servers. */
  readonly urls: readonly string[];
  readonly tenant: LoadTenant;
  readonly viewerKey: string;

  private constructor(
    resources: AsyncDisposableStack,
    parts: {
      postgres: EmbeddedPostgres;
      redis: RedisServer;
      database: PostgresProxy;
      wires: CuttingProxy[];
      urls: string[];
      servers: ServerResource[];
      start: (place: number) => Promise<ServerResource>;
      tenant: LoadTenant;
      viewerKey: string;
    },
  ) {
    this.#resources = resources;
    this.#postgres = parts.postgres;
    this.#start = parts.start;
    this.redis = parts.redis;
    this.database = parts.database;
    this.wires = parts.wires;
    this.urls = parts.urls;
    this.servers = parts.servers;
    this.tenant = parts.tenant;
    this.viewerKey = parts.viewerKey;
  }

  static async open(redisPath: string): Promise<FaultWorld> {
    await using opening = new AsyncDisposableStack();
    const folder = opening.use(await temporaryFolderResource());
    const postgres = opening.use(await superviseEmbeddedPostgres({ dataDir: join(folder.path, 'postgres') }));
    await migrateDatabase({ url: postgres.url });
    const database = opening.use(await PostgresProxy.open(postgres.url));
    const redis = opening.use(await RedisServer.start(redisPath, { parent: folder.path }));
    const redisWire = opening.use(await CuttingProxy.open({ ports: [redis.port], seed: DRAW_SEED }));
    const redisUrl = `redis://${new URL(redisWire.url).host}`;
    const servers: ServerResource[] = [];
    const start = (place: number) => {
      const port = servers[place]?.port;
      return serverResource({ databaseUrl: database.url, redisUrl, ...(port !== undefined && { port }) });
    };
    const wires = [redisWire];
    for (let place = 0; place < SERVERS; place++) {
      const server = opening.use(await start(place));
      servers.push(server);
      wires.push(opening.use(await CuttingProxy.open({ ports: [server.port], seed: DRAW_SEED })));
    }
    const [first] = servers;
    if (first === undefined) throw new Error('no server was started');
    const tenant = await createLoadTenant(first);
    const viewerKey = await createViewerKey(first, tenant.id);
    const urls = wires.slice(1).map(({ url }) => url);
    const parts = { postgres, redis, database, wires, urls, servers, start, tenant, viewerKey };
    return new FaultWorld(opening.move(), parts);
  }

  /** The owner's, past every proxy. */
  get databaseUrl(): string {
    return this.#postgres.url;
  }

  async openOracle(): Promise<Oracle> {
    return await Oracle.open(this.databaseUrl);
  }

  /** Its supervisor brings it back. */
  killPostgres(): void {
    process.kill(this.#postgres.pid, 'SIGKILL');
  }

  /** Stops every process of PostgreSQL where it stands; resolves to what lets them go on. */
  async freezePostgres(): Promise<() => void> {
    const pids = await findProcessTree(this.#postgres.pid);
    signalAll(pids, 'SIGSTOP');
    return () => signalAll(pids, 'SIGCONT');
  }

  async killServer(place: number): Promise<void> {
    await this.servers[place]?.kill();
  }

  /** The other of two zones for the tenant, whose days are then made anew. */
  async changeTimeZone(): Promise<void> {
    this.#zones.reverse();
    const [first] = this.servers;
    if (first === undefined) throw new Error('no server was started');
    await callAsPlatform(first, this.tenant.id, 'admin.tenants.update', {
      id: this.tenant.id,
      timeZone: this.#zones[0],
    });
  }

  /** Resolves as soon as days of the old zone are left, and others are made already; or all are. */
  async untilRebuilding(): Promise<void> {
    await using oracle = await this.openOracle();
    const where = 'WHERE tenant_id = $1 AND time_zone = $2 AND (days_from IS NULL OR days_from < current_date)';
    while ((await oracle.ask(`SELECT FROM tenant_heads ${where}`, [this.tenant.id, this.#zones[0]])).length === 0) {
      await delay(REBUILDING_POLL_MS);
    }
  }

  /** What a fleet's supervisor does: starts a server that was killed again, at its place, until it stays. */
  async restartServer(place: number): Promise<void> {
    for (let failures = 0; ; failures += 1) {
      try {
        this.servers[place] = this.#resources.use(await this.#start(place));
        return;
      } catch (error) {
        if (failures === MAX_FAILED_STARTS) throw error;
        await delay(RESTART_MS);
      }
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#resources.disposeAsync();
  }
}

async function createViewerKey(server: ServerResource, tenantId: string): Promise<string> {
  const data = await callAsPlatform(server, tenantId, 'admin.keys.create', { name: 'reader', role: 'viewer' });
  return createdKeySchema.parse(data).secret;
}

async function callAsPlatform(
  { url, platformKey }: ServerResource,
  tenantId: string,
  procedure: string,
  input: object,
): Promise<unknown> {
  const response = await fetch(`${url}/trpc/${procedure}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${platformKey}`,
      'x-tenant-id': tenantId,
      'content-type': 'application/json',
    },
    body: JSON.stringify(input),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${procedure} answered ${response.status}: ${text}`);
  return (JSON.parse(text) as { result: { data: unknown } }).result.data;
}
