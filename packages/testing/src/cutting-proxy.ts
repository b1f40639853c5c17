import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

export type CuttingProxyOptions = {
  /** The local ports of what stands behind it: each connection goes to one of them, drawn at random. */
  readonly ports: readonly number[];
  /** The same seed draws the same ports and lives, connection by connection. */
  readonly seed: number;
  /** A connection is cut once so many bytes at most have come back through it. Default: never. */
  readonly maxBytes?: number;
};

/**
 * Stands between clients and servers as a bad network does: a connection ends after a random number of
 * bytes, in the middle of a message or of a character, on both sides at once and without a word.
 */
export class CuttingProxy implements AsyncDisposable {
  readonly #listener: Server;
  readonly #options: CuttingProxyOptions;
  readonly #sockets = new Set<Socket>();
  readonly #draw: () => number;
  #isCutting = true;
  #isShut = false;
  #cuts = 0;

  private constructor(listener: Server, options: CuttingProxyOptions) {
    this.#listener = listener;
    this.#options = options;
    this.#draw = createDraw(options.seed);
    listener.on('connection', (client) => this.#join(client));
  }

  static async open(options: CuttingProxyOptions): Promise<CuttingProxy> {
    const listener = createServer().listen(0, '127.0.0.1');
    await once(listener, 'listening');
    return new CuttingProxy(listener, options);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#listener.address() as AddressInfo).port}`;
  }

  /** Connections cut so far. */
  get cuts(): number {
    return this.#cuts;
  }

  /** Cuts every connection there is now; new ones may come. */
  cutAll(): void {
    this.#cuts += this.#sockets.size / 2;
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Cuts every connection there is, and each that comes, until it is opened again. */
  shut(): void {
    this.#isShut = true;
    this.cutAll();
  }

  reopen(): void {
    this.#isShut = false;
  }

  /** Cuts no more: what is connected stays, and what comes. */
  calm(): void {
    this.#isCutting = false;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#listener, 'close');
    this.#listener.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #join(client: Socket): void {
    if (this.#isShut) {
      client.destroy();
      return;
    }
    const { ports, maxBytes = Number.POSITIVE_INFINITY } = this.#options;
    const server = connect(ports[Math.floor(this.#draw() * ports.length)] ?? 0, '127.0.0.1');
    let left = Math.ceil(this.#draw() * maxBytes);
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#sockets.add(from.setNoDelay(true));
      from.on('close', () => {
        this.#sockets.delete(from);
        to.destroy();
      });
      from.on('error', () => to.destroy());
    }
    client.pipe(server);
    server.on('data', (chunk: Buffer) => {
      left -= chunk.length;
      if (left > 0 || !this.#isCutting) {
        if (!client.write(chunk)) server.pause();
      } else {
        this.#cuts += 1;
        client.write(chunk.subarray(0, chunk.length + left), () => client.destroy());
        server.destroy();
      }
    });
    client.on('drain', () => server.resume());
  }
}

/** Tommy Ettinger's mulberry32 (public domain): a stream of numbers in [0, 1) for each seed. */
function createDraw(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b_79f5) | 0;
    let word = Math.imul(state ^ (state >>> 15), 1 | state);
    word = (word + Math.imul(word ^ (word >>> 7), 61 | word)) ^ word;
    return ((word ^ (word >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}
