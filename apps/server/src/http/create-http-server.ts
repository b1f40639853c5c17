import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type Resources, TidemarkError } from '@tidemark/services';
import type { AnyTRPCRouter } from '@trpc/server';
import type { Logger } from 'pino';
import { logRequest } from './log-request.ts';
import { refuseMalformed } from './refuse-malformed.ts';
import { toRoute } from './route.ts';
import { addSecurityHeaders } from './security-headers.ts';
import { sendRefusal } from './send-refusal.ts';
import { STALLED_AFTER_MS } from './stalled-after.ts';
import { toAnswer } from './to-answer.ts';
import { toRequestId } from './to-request-id.ts';

/** A request must have arrived whole by then; the body cap of 4 MiB makes a slower one an attack. */
const REQUEST_TIMEOUT_MS = 30_000;
/** Longer than the idle timeout of usual proxies, so that they close first and never meet a closing server. */
const KEEP_ALIVE_TIMEOUT_MS = 65_000;

const UNEXPECTED = 'Something failed on our side; the request id finds it in the log.';

export type HttpOptions = {
  readonly resources: Resources;
  readonly logger: Logger;
  /** Origins whose pages may call the API directly. */
  readonly allowedOrigins: readonly string[];
  /** Proxies that requests pass, each of which says where they came from. Default: 0. */
  readonly trustedProxies?: number | undefined;
  /** What the dashboard proves itself by, whose word on where its own callers are is then believed. Default: it is not. */
  readonly dashboardToken?: string | undefined;
  /** Default: metrics are for this machine alone. */
  readonly metricsToken?: string | undefined;
  /** Default: the API. */
  readonly router?: AnyTRPCRouter | undefined;
};

/** The API over HTTP: tRPC at `/trpc`, exports, the probes and metrics. Each request is a span, and a line in the log. */
export function createHttpServer(options: HttpOptions): Server {
  const { resources, logger } = options;
  const answer = toAnswer(options);
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    try {
      await answer(request, response);
    } catch (error) {
      if (error instanceof TidemarkError) return sendRefusal(request, response, error);
      logger.error({ error, requestId: toRequestId(request) }, 'a request failed outside the router');
      if (response.headersSent) response.destroy();
      else sendRefusal(request, response, new TidemarkError('internal', UNEXPECTED));
    }
  };
  const onRequest = (request: IncomingMessage, response: ServerResponse) => {
    response.setHeader('x-request-id', toRequestId(request));
    addSecurityHeaders(request, response);
    const route = toRoute(request);
    const closed = logRequest(request, response, { route, logger });
    void resources.tracer.span(`${request.method} ${route}`, {}, async (span) => {
      await handle(request, response);
      await closed;
      if (response.statusCode >= 500) span.fail(String(response.statusCode));
    });
  };
  // Node would refuse both by a status alone; an expectation that we do not know is none that we break.
  const server = createServer({ requireHostHeader: false }, onRequest);
  server.on('checkExpectation', onRequest);
  server.on('clientError', refuseMalformed);
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  server.timeout = STALLED_AFTER_MS;
  server.keepAliveTimeout = KEEP_ALIVE_TIMEOUT_MS;
  return server;
}
