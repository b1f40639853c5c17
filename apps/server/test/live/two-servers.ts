import { createTidemark } from '@tidemark/client';
import { databaseResource, Oracle, type ServerResource, serverResource } from '@tidemark/testing';

/** Two servers that share PostgreSQL and Redis, and a tenant on them. */
export class TwoServers implements AsyncDisposable {
  readonly #resources: AsyncDisposableStack;
  readonly #start: (port?: number) => Promise<ServerResource>;
  readonly #servers: [ServerResource, ServerResource];
  readonly oracle: Oracle;
  readonly tenantId: string;

  private constructor(
    resources: AsyncDisposableStack,
    parts: {
      start: (port?: number) => Promise<ServerResource>;
      servers: [ServerResource, ServerResource];
      oracle: Oracle;
      tenantId: string;
    },
  ) {
    this.#resources = resources;
    this.#start = parts.start;
    this.#servers = parts.servers;
    this.oracle = parts.oracle;
    this.tenantId = parts.tenantId;
  }

  static async open(redisUrl: string): Promise<TwoServers> {
    await using opening = new AsyncDisposableStack();
    const { url: databaseUrl } = opening.use(await databaseResource());
    const oracle = opening.use(await Oracle.open(databaseUrl));
    const start = (port?: number) => serverResource({ databaseUrl, redisUrl, ...(port !== undefined && { port }) });
    const servers: [ServerResource, ServerResource] = [opening.use(await start()), opening.use(await start())];
    const { url, platformKey: key } = servers[0];
    const { id } = await createTidemark({ url, key }).admin.tenants.create.mutate({ slug: 'live', name: 'Live' });
    return new TwoServers(opening.move(), { start, servers, oracle, tenantId: id });
  }

  get ports(): [number, number] {
    return [this.#servers[0].port, this.#servers[1].port];
  }

  url(place: 0 | 1): string {
    return this.#servers[place].url;
  }

  /** A new key of the tenant. */
  async createKey(role: 'ingest' | 'viewer'): Promise<{ id: string; secret: string }> {
    return await this.#admin().keys.create.mutate({ name: role, role });
  }

  /** Revokes a key, by way of the first server. */
  async revokeKey(id: string): Promise<void> {
    await this.#admin().keys.revoke.mutate({ id });
  }

  async kill(place: 0 | 1): Promise<void> {
    await this.#servers[place].kill();
  }

  /** Starts a killed server where it was. */
  async restart(place: 0 | 1): Promise<void> {
    this.#servers[place] = this.#resources.use(await this.#start(this.#servers[place].port));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#resources.disposeAsync();
  }

  #admin() {
    const { url, platformKey } = this.#servers[0];
    return createTidemark({ url, key: platformKey, tenantId: this.tenantId }).admin;
  }
}
