import { once } from 'node:events';
import type { Server } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { InjectedFaults } from '@tidemark/database';
import { createInProcessBus, createRedisBus, createRedisCacheStore, createRedisLimitStore } from '@tidemark/redis';
import { createResources, type LimitRules, type Resources, startMaintenance } from '@tidemark/services';
import type { AnyTRPCRouter } from '@trpc/server';
import type { Logger } from 'pino';
import { createHttpServer } from './http/create-http-server.ts';
import { createLabEngine } from './lab/create-lab-engine.ts';
import { openDatabase } from './start/open-database.ts';
import { openTracer } from './telemetry/open-tracer.ts';

/** Requests that are under way get this long to finish; streams are cut, and their readers resume. */
const DRAIN_MS = 1_000;
/** A database that hangs must not keep a server that stops: what it has not acknowledged, it has not promised. */
const STOP_MS = 2_000;

export type ServerOptions = {
  readonly databaseUrl: string;
  readonly redisUrl: string | undefined;
  /** Whether the database is this server's alone. */
  readonly isOnlyServer?: boolean;
  /** Whether the lab may inject faults. Default false. */
  readonly isLab?: boolean;
  /** Limits that differ from the product's own. */
  readonly limits?: Partial<LimitRules>;
  /** Proxies that requests pass. Default 0. */
  readonly trustedProxies?: number;
  /** What the dashboard proves itself by. Default: it is a caller like others. */
  readonly dashboardToken?: string | undefined;
  readonly host: string;
  readonly port: number;
  readonly allowedOrigins: readonly string[];
  /** Default: metrics are for this machine alone. */
  readonly metricsToken?: string | undefined;
  /** The OpenTelemetry collector that traces are sent to. Default: nothing is traced. */
  readonly tracesUrl?: string | undefined;
  readonly logger: Logger;
  /** Default: the API. */
  readonly router?: AnyTRPCRouter | undefined;
  /** Runs once the resources are there, before the first request is taken. */
  readonly prepare: (resources: Resources) => Promise<void>;
};

/** One API server: migrates, opens what requests share, prepares, listens. Disposing drains and closes it. */
export async function composeServer(options: ServerOptions): Promise<AsyncDisposable> {
  const {
    databaseUrl,
    redisUrl,
    isOnlyServer = false,
    isLab = false,
    limits,
    trustedProxies,
    dashboardToken,
    host,
    port,
    allowedOrigins,
    metricsToken,
    tracesUrl,
    logger,
    router,
    prepare,
  } = options;
  await using stack = new AsyncDisposableStack();

  const tracer =
    tracesUrl === undefined
      ? undefined
      : stack.adopt(await openTracer(tracesUrl), (opened) => atMost(STOP_MS, opened[Symbol.asyncDispose]()));
  const faults = isLab ? new InjectedFaults() : undefined;
  const database = stack.adopt(await openDatabase(databaseUrl, { logger, faults }), (opened) =>
    atMost(STOP_MS, opened.close()),
  );
  const bus = stack.adopt(redisUrl === undefined ? createInProcessBus() : createRedisBus({ url: redisUrl }), (opened) =>
    opened.close(),
  );
  const sharedCache = redisUrl === undefined ? undefined : stack.use(createRedisCacheStore({ url: redisUrl }));
  const lab = createLabEngine({ url: toOwnUrl(host, port), databaseUrl, redisUrl, faults });
  const limitStore = redisUrl === undefined ? undefined : stack.use(createRedisLimitStore({ url: redisUrl }));
  const resources = createResources({
    database,
    bus,
    sharedCache,
    limitStore,
    limits,
    isOnlyServer,
    lab,
    ...(tracer && { tracer }),
    onBreaker: (change) => logger.warn(change, 'a breaker changed'),
    onLevel: (change) => logger.warn(change, 'the degradation level changed'),
  });
  await resources.partitions.ensureAhead(resources.clock());
  // Opens the connection that the first doubt is asked over.
  await resources.readiness.check();
  stack.adopt(
    startMaintenance(resources, { onError: (task, error) => logger.error({ task, error }, 'background work failed') }),
    (maintenance) => atMost(STOP_MS, maintenance[Symbol.asyncDispose]()),
  );
  stack.defer(() => atMost(STOP_MS, resources.groupCommit.whenIdle()));
  await prepare(resources);

  const server = createHttpServer({
    resources,
    logger,
    allowedOrigins,
    metricsToken,
    trustedProxies,
    dashboardToken,
    router,
  });
  server.listen(port, host);
  await once(server, 'listening');
  stack.defer(() => drain(server));

  return stack.move();
}

async function atMost(ms: number, work: PromiseLike<void>): Promise<void> {
  await Promise.race([work, delay(ms, undefined, { ref: false })]);
}

/** Stops accepting, lets requests finish, then closes what is left. */
async function drain(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeIdleConnections();
  const cut = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
  await closed;
  clearTimeout(cut);
}

/** Where this server finds itself: it may listen on every address, which is none to call. */
function toOwnUrl(host: string, port: number): string {
  const own = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${own.includes(':') ? `[${own}]` : own}:${port}`;
}
