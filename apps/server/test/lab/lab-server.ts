import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { createTidemark } from '@tidemark/client';
import { connectDatabase, type Database, InjectedFaults } from '@tidemark/database';
import { createInProcessBus } from '@tidemark/redis';
import type { LabMessage, RunLabInput } from '@tidemark/schemas';
import {
  createResources,
  ensurePlatformKey,
  makeKeySecret,
  type ResourceOptions,
  startMaintenance,
} from '@tidemark/services';
import { createLogger } from '../../src/create-logger.ts';
import { createHttpServer } from '../../src/http/create-http-server.ts';
import { runInWorker } from '../../src/lab/run-in-worker.ts';

type Verdict = Extract<LabMessage, { type: 'verdict' }>;

export type LabServerOptions = {
  readonly databaseUrl: string;
  /** A second server for the scenario that needs one. */
  readonly secondUrl?: string;
  /** Makes an outage look like anything else, so that nothing knows it for one. */
  readonly hidesOutages?: boolean;
  /** Parts put in place of the product's, to see what a scenario says without them. */
  readonly parts?: Partial<Omit<ResourceOptions, 'database' | 'lab'>>;
};

/** A server with a lab, put together part by part, so that a part can be left out. */
export class LabServer implements AsyncDisposable {
  readonly #resources: AsyncDisposableStack;
  readonly #platformKey: string;
  readonly url: string;
  #connections = 0;
  #mostConnections = 0;

  private constructor(
    resources: AsyncDisposableStack,
    { server, url, platformKey }: { server: Server; url: string; platformKey: string },
  ) {
    this.#resources = resources;
    this.#platformKey = platformKey;
    this.url = url;
    server.on('connection', (socket) => this.#follow(socket));
  }

  static async open({
    databaseUrl,
    secondUrl,
    hidesOutages = false,
    parts = {},
  }: LabServerOptions): Promise<LabServer> {
    await using opening = new AsyncDisposableStack();
    const faults = new InjectedFaults();
    const database = opening.adopt(connectDatabase({ url: databaseUrl, faults }), (opened) => opened.close());
    if (hidesOutages) hideOutages(database);
    const bus = opening.use(createInProcessBus());
    const urls: string[] = [];
    const resources = createResources({
      database,
      bus,
      ...parts,
      lab: { faults, run: (run) => runInWorker(run, urls) },
    });
    opening.use(startMaintenance(resources, { onError: () => {} }));
    const platformKey = makeKeySecret('platform');
    await ensurePlatformKey(resources, platformKey);
    const server = createHttpServer({ resources, logger: createLogger('silent'), allowedOrigins: [] });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    opening.defer(async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    });
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    urls.push(url, ...(secondUrl === undefined ? [] : [secondUrl]));
    return new LabServer(opening.move(), { server, url, platformKey });
  }

  /** The most connections that were open at once, of which each has one request under way at most. */
  get mostConnections(): number {
    return this.#mostConnections;
  }

  /** Runs a scenario as the dashboard does, and resolves to what it told, the verdict last. */
  async run(input: RunLabInput): Promise<{ messages: LabMessage[]; verdict: Verdict }> {
    const messages: LabMessage[] = [];
    const { promise, resolve, reject } = Promise.withResolvers<Verdict>();
    const client = createTidemark({ url: this.url, key: this.#platformKey });
    const subscribed = client.admin.lab.run.subscribe(input, {
      onData(message: LabMessage) {
        messages.push(message);
        if (message.type === 'verdict') resolve(message);
      },
      onError: reject,
    });
    try {
      return { messages, verdict: await promise };
    } finally {
      subscribed.unsubscribe();
    }
  }

  /** The checks that a run did not pass. */
  async failedChecks(input: RunLabInput): Promise<string[]> {
    const { verdict } = await this.run(input);
    const failed = verdict.checks.filter(({ passed }) => !passed).map(({ name }) => name);
    if (verdict.passed !== (failed.length === 0)) throw new Error('the verdict is not that of its checks');
    return failed;
  }

  #follow(socket: Socket): void {
    this.#connections += 1;
    this.#mostConnections = Math.max(this.#mostConnections, this.#connections);
    socket.once('close', () => {
      this.#connections -= 1;
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#resources.disposeAsync();
  }
}

function hideOutages({ reads, ingest }: Database): void {
  for (const pool of [reads, ingest]) {
    const connect = pool.connect.bind(pool) as () => Promise<unknown>;
    const connectQuietly = async () =>
      await connect().catch(() => {
        throw new Error('something is wrong');
      });
    Object.assign(pool, { connect: connectQuietly });
  }
}
