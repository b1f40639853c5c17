import { createTidemark, type Tidemark } from '@tidemark/client';
import { databaseResource, type ServerResource, serverResource } from '@tidemark/testing';

/** A server with one tenant, `acme`, and a viewer key to watch it with. */
export type MonitoredServer = AsyncDisposable & {
  readonly url: string;
  readonly viewerKey: string;
  readonly platformKey: string;
  /** A client of the tenant that may write. */
  readonly tidemark: Tidemark;
  /** Kills the server's process as a crash would. */
  kill(): Promise<void>;
  /** Starts another on the same port, over the same data. */
  restart(): Promise<void>;
};

export async function monitoredServerResource(): Promise<MonitoredServer> {
  await using opening = new AsyncDisposableStack();
  const { url: databaseUrl } = opening.use(await databaseResource());
  let server: ServerResource = opening.use(await serverResource({ databaseUrl }));
  const { url, port, platformKey: key } = server;
  const { id: tenantId } = await createTidemark({ url, key }).admin.tenants.create.mutate({
    slug: 'acme',
    name: 'Acme',
    timeZone: 'Europe/Berlin',
  });
  const tidemark = createTidemark({ url, key, tenantId });
  const { secret: viewerKey } = await tidemark.admin.keys.create.mutate({ name: 'monitor', role: 'viewer' });
  const opened = opening.move();
  return {
    url,
    viewerKey,
    platformKey: key,
    tidemark,
    kill: () => server.kill(),
    restart: async () => {
      server = opened.use(await serverResource({ databaseUrl, port }));
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}
