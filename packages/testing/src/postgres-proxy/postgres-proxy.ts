import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { type CommitPoint, ProxiedConnection } from './proxied-connection.ts';

/**
 * Stands between a server and PostgreSQL and reads along, so that a test can stop the wire at an exact
 * place: before a commit, between a commit and its answer, or anywhere.
 */
export class PostgresProxy implements AsyncDisposable {
  readonly #listener: Server;
  readonly #connections = new Set<ProxiedConnection>();
  #isFrozen = false;
  #isRefusing = false;
  #startsLeft = 0;
  #hold: { readonly point: CommitPoint; readonly reached: () => void } | undefined;
  /** The database's URL, by way of the proxy. */
  readonly url: string;

  private constructor(listener: Server, databaseUrl: string) {
    this.#listener = listener;
    const url = new URL(databaseUrl);
    const [host, port] = [url.hostname, Number(url.port)];
    url.port = String((listener.address() as AddressInfo).port);
    this.url = url.href;
    listener.on('connection', (client) => {
      if (this.#isRefusing) return client.destroy();
      if (this.#startsLeft > 0) return this.#sayStarting(client);
      const shouldHold = (point: CommitPoint) => this.#isHeldAt(point);
      const connection = new ProxiedConnection(client, connect(port, host), shouldHold);
      this.#connections.add(connection);
      client.on('close', () => this.#connections.delete(connection));
      if (this.#isFrozen) connection.pause();
    });
  }

  static async open(databaseUrl: string): Promise<PostgresProxy> {
    const listener = createServer().listen(0, '127.0.0.1');
    await once(listener, 'listening');
    return new PostgresProxy(listener, databaseUrl);
  }

  /** From now on no byte passes, on old connections or new ones, until `thaw()`. */
  freeze(): void {
    this.#isFrozen = true;
    for (const connection of this.#connections) connection.pause();
  }

  thaw(): void {
    this.#isFrozen = false;
    for (const connection of this.#connections) connection.resume();
  }

  /** Cuts every connection, and every new one, until `accept()`. */
  refuse(): void {
    this.#isRefusing = true;
    for (const connection of this.#connections) connection.destroy();
  }

  accept(): void {
    this.#isRefusing = false;
  }

  /** Tells the next so many connections what a database says that is starting. */
  start(connections: number): void {
    this.#startsLeft = connections;
  }

  /** Stops the next transaction that stores events at this point, for good. Resolves once it stands there. */
  async holdNextCommit(point: CommitPoint): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#hold = { point, reached: resolve };
    await promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#listener, 'close');
    this.#listener.close();
    for (const connection of this.#connections) connection.destroy();
    await closed;
  }

  #sayStarting(client: Socket): void {
    this.#startsLeft -= 1;
    const fields = Buffer.from('SFATAL\0C57P03\0Mthe database system is starting up\0\0');
    const length = Buffer.alloc(4);
    length.writeInt32BE(fields.length + length.length);
    client.on('error', () => {});
    client.once('data', () => client.end(Buffer.concat([Buffer.from('E'), length, fields])));
  }

  #isHeldAt(point: CommitPoint): boolean {
    if (this.#hold?.point !== point) return false;
    this.#hold.reached();
    this.#hold = undefined;
    return true;
  }
}
