import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { pingDatabase } from '@tidemark/database';
import type { Resources } from '@tidemark/services';
import type { Logger } from 'pino';
import { allowOrigin } from './allow-origin.ts';
import { createTrpcHandler } from './create-trpc-handler.ts';
import { sendJson } from './send-json.ts';
import { toRequestId } from './to-request-id.ts';

/** A request must have arrived whole by then; the body cap of 4 MiB makes a slower one an attack. */
const REQUEST_TIMEOUT_MS = 30_000;
/** Longer than the idle timeout of usual proxies, so that they close first and never meet a closing server. */
const KEEP_ALIVE_TIMEOUT_MS = 65_000;

export type HttpOptions = {
  readonly resources: Resources;
  readonly logger: Logger;
  /** Origins whose pages may call the API directly. */
  readonly allowedOrigins: readonly string[];
};

/** The API over HTTP: tRPC at `/trpc`, and the probes. */
export function createHttpServer({ resources, logger, allowedOrigins }: HttpOptions): Server {
  const handleTrpc = createTrpcHandler(resources, logger);
  const route = async (request: IncomingMessage, response: ServerResponse) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    if (allowOrigin(request, response, allowedOrigins) === 'answered') return;
    if (pathname.startsWith('/trpc/')) return handleTrpc(request, response);
    if (pathname === '/healthz') return sendJson(response, 200, { status: 'ok' });
    if (pathname === '/readyz') return await sendReadiness(response, resources);
    sendJson(response, 404, {
      error: `There is nothing at ${pathname}: the API is at /trpc, the probes at /healthz and /readyz.`,
    });
  };
  const server = createServer((request, response) => {
    response.setHeader('x-request-id', toRequestId(request));
    response.setHeader('x-content-type-options', 'nosniff');
    route(request, response).catch((error: unknown) => {
      logger.error({ error, requestId: toRequestId(request) }, 'a request failed outside the router');
      if (response.headersSent) response.destroy();
      else sendJson(response, 500, { error: 'Something failed on our side.', requestId: toRequestId(request) });
    });
  });
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  server.keepAliveTimeout = KEEP_ALIVE_TIMEOUT_MS;
  return server;
}

/** Ready means that the dependencies answer: for load balancers, not for restarts. */
async function sendReadiness(response: ServerResponse, { database }: Resources): Promise<void> {
  try {
    await pingDatabase(database);
    sendJson(response, 200, { status: 'ready', database: 'up' });
  } catch {
    sendJson(response, 503, { status: 'not ready', database: 'down' });
  }
}
