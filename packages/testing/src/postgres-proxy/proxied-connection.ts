import type { Socket } from 'node:net';
import { type Message, MessageReader, toStatement } from './message-reader.ts';

/** Where in a commit of events a connection is. */
export type CommitPoint =
  /** The client has sent its COMMIT. */
  | 'request'
  /** PostgreSQL has committed and says so. */
  | 'answer';

/** A client and PostgreSQL, joined; `shouldHold` is asked at each point of a commit of events whether all stops there. */
export class ProxiedConnection {
  readonly #client: Socket;
  readonly #server: Socket;
  readonly #shouldHold: (point: CommitPoint) => boolean;
  #hasInserted = false;
  #isHeld = false;

  constructor(client: Socket, server: Socket, shouldHold: (point: CommitPoint) => boolean) {
    this.#client = client;
    this.#server = server;
    this.#shouldHold = shouldHold;
    // Messages go out one by one: to gather them would cost each statement the delays of TCP.
    for (const socket of [client, server]) socket.setNoDelay(true);
    this.#pass('client', client, server);
    this.#pass('server', server, client);
  }

  /** Stops the bytes in both directions, as a frozen machine does: neither side hears anything, not even an end. */
  pause(): void {
    this.#client.pause();
    this.#server.pause();
  }

  resume(): void {
    this.#client.resume();
    this.#server.resume();
  }

  destroy(): void {
    this.#client.destroy();
    this.#server.destroy();
  }

  #pass(side: 'client' | 'server', from: Socket, to: Socket): void {
    const reader = new MessageReader(side);
    from.on('data', (chunk: Buffer) => {
      for (const message of reader.read(chunk)) {
        const point = side === 'client' ? this.#followClient(message) : this.#followServer(message);
        if (point !== undefined && this.#shouldHold(point)) this.#isHeld = true;
        if (this.#isHeld) return;
        to.write(message.bytes);
      }
    });
    // The other side hears of an end at once; what was held back for it is gone.
    from.on('close', () => to.destroy());
    from.on('error', () => to.destroy());
  }

  #followClient(message: Message): CommitPoint | undefined {
    const statement = toStatement(message);
    if (statement === undefined) return undefined;
    if (/^\s*INSERT INTO events\b/.test(statement)) this.#hasInserted = true;
    return this.#hasInserted && /^COMMIT\b/i.test(statement) ? 'request' : undefined;
  }

  #followServer({ type, bytes }: Message): CommitPoint | undefined {
    if (this.#hasInserted && type === 'C' && bytes.toString('latin1', 5).startsWith('COMMIT')) return 'answer';
    // Ready for the next statement, outside of any transaction.
    if (type === 'Z' && bytes.toString('latin1', 5) === 'I') this.#hasInserted = false;
    return undefined;
  }
}
