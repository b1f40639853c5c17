import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { ERROR_STATUS, type ErrorCode } from '@tidemark/schemas';
import { initTRPC, TRPCError, tracked } from '@trpc/server';
import { createHTTPHandler } from '@trpc/server/adapters/standalone';

/** A refusal as our API words it. */
class Refusal extends Error {
  readonly code: ErrorCode;
  readonly evidence: Record<string, unknown>;

  constructor(code: ErrorCode, evidence: Record<string, unknown> = {}) {
    super(`refused: ${code}`);
    this.code = code;
    this.evidence = evidence;
  }
}

const TRPC_CODES = {
  rate_limited: 'TOO_MANY_REQUESTS',
  unavailable: 'SERVICE_UNAVAILABLE',
  unauthenticated: 'UNAUTHORIZED',
} as const satisfies Partial<Record<ErrorCode, TRPCError['code']>>;

export type Refused = keyof typeof TRPC_CODES;
type Seen = { readonly method: string; readonly url: string; readonly headers: IncomingMessage['headers'] };

const { router, procedure } = initTRPC.create({
  errorFormatter({ shape, error }) {
    const refusal = error.cause instanceof Refusal ? error.cause : new Refusal('internal');
    const { code, evidence, message } = refusal;
    return {
      ...shape,
      message,
      data: { code, httpStatus: ERROR_STATUS[code], reason: message, evidence, requestId: 'r1' },
    };
  },
});

/**
 * A server at the API's paths that misbehaves on demand, as a healthy one cannot be made to: it refuses
 * the next calls, drops every stream, or says nothing at all.
 */
export class UnreliableServer implements AsyncDisposable {
  readonly seen: Seen[] = [];
  readonly ingested: unknown[] = [];
  readonly resumedFrom: (string | null)[] = [];
  #refusals: Refusal[] = [];
  #isSilent = false;
  #streamLength = Number.POSITIVE_INFINITY;
  #burst = 30;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #port = 0;

  static async start(): Promise<UnreliableServer> {
    const server = new UnreliableServer();
    await server.listen();
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Refuses the next calls, one refusal each. */
  refuseNext(...refusals: { code: Refused; evidence?: Record<string, unknown> }[]): void {
    this.#refusals.push(...refusals.map(({ code, evidence }) => new Refusal(code, evidence)));
  }

  /** Accepts connections and never answers. */
  fallSilent(): void {
    this.#isSilent = true;
  }

  /** Ends every stream, as a server that shuts down does, after so many messages. */
  endStreamsAfter(messages: number): void {
    this.#streamLength = messages;
  }

  /** Keeps every stream open but quiet after so many messages. */
  holdStreamsAfter(messages: number): void {
    this.#burst = messages;
  }

  dropConnections(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async listen(): Promise<void> {
    const handle = createHTTPHandler({
      router: this.#router(),
      basePath: '/trpc/',
      allowMethodOverride: true,
      maxBatchSize: 20,
    });
    this.#server = createServer((request, response) => {
      this.seen.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers });
      if (!this.#isSilent) handle(request, response);
    });
    this.#server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    this.#server?.close();
    this.dropConnections();
    if (this.#server?.listening) await once(this.#server, 'close');
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #refuseIfAsked(): void {
    const refusal = this.#refusals.shift();
    if (refusal === undefined) return;
    throw new TRPCError({ code: TRPC_CODES[refusal.code as Refused], cause: refusal });
  }

  /** Answers in the shapes the tests look at, not in the product's. */
  #router() {
    const input = procedure.input((value: unknown) => value as Record<string, unknown>);
    return router({
      analytics: router({
        summary: input.query(({ input: asked }) => {
          this.#refuseIfAsked();
          return { asked };
        }),
        watch: input.subscription(({ input: asked, signal }) => this.#count(asked, signal)),
      }),
      events: router({
        ingest: input.mutation(({ input: asked }) => {
          this.ingested.push(asked);
          this.#refuseIfAsked();
          return { receipts: [], committedAt: null };
        }),
      }),
      admin: router({
        keys: router({
          create: input.mutation(() => {
            this.#refuseIfAsked();
            return {};
          }),
        }),
      }),
    });
  }

  /** Counts from where the watcher left off. */
  async *#count(asked: Record<string, unknown>, signal: AbortSignal | undefined) {
    const last = (asked.lastEventId as string | undefined) ?? null;
    this.resumedFrom.push(last);
    this.#refuseIfAsked();
    let sent = 0;
    for (let next = Number(last ?? 0) + 1; sent < this.#streamLength && signal?.aborted !== true; next += 1) {
      yield tracked(String(next), { next });
      sent += 1;
      if (sent >= this.#burst) await new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve()));
    }
  }
}
