import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type Resources, TidemarkError } from '@tidemark/services';
import type { AnyTRPCRouter } from '@trpc/server';
import type { Logger } from 'pino';
import { allowOrigin } from './allow-origin.ts';
import { createTrpcHandler } from './create-trpc-handler.ts';
import { findRequestFlaw } from './find-request-flaw.ts';
import { refuseMalformed } from './refuse-malformed.ts';
import { addSecurityHeaders } from './security-headers.ts';
import { findExportFormat, sendExport } from './send-export.ts';
import { sendJson } from './send-json.ts';
import { sendRefusal } from './send-refusal.ts';
import { STALLED_AFTER_MS } from './stalled-after.ts';
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
  /** Default: the API. */
  readonly router?: AnyTRPCRouter | undefined;
};

/** The API over HTTP: tRPC at `/trpc`, exports, and the probes. */
export function createHttpServer(options: HttpOptions): Server {
  const { resources, logger, allowedOrigins, trustedProxies = 0, router } = options;
  const serving = { resources, trustedProxies };
  const handleTrpc = createTrpcHandler(serving, logger, router);
  const route = async (request: IncomingMessage, response: ServerResponse) => {
    if (allowOrigin(request, response, allowedOrigins) === 'answered') return;
    const url = readUrl(request);
    const { pathname } = url;
    if (pathname === '/trpc' || pathname.startsWith('/trpc/')) {
      const flaw = findRequestFlaw(request, url);
      if (flaw !== undefined) throw flaw;
      return handleTrpc(request, response);
    }
    const format = findExportFormat(pathname);
    if (format !== undefined) return await sendExport(request, response, { serving, logger, url, format });
    if (pathname === '/healthz') return sendJson(response, 200, { status: 'ok' });
    if (pathname === '/readyz') return await sendReadiness(response, resources);
    const reason = `There is nothing at ${pathname}: the API is at /trpc, exports at /export/events.ndjson and .csv, the probes at /healthz and /readyz.`;
    throw new TidemarkError('not_found', reason, { path: pathname });
  };
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    response.setHeader('x-request-id', toRequestId(request));
    addSecurityHeaders(request, response);
    route(request, response).catch((error: unknown) => {
      if (error instanceof TidemarkError) return sendRefusal(request, response, error);
      logger.error({ error, requestId: toRequestId(request) }, 'a request failed outside the router');
      if (response.headersSent) response.destroy();
      else sendRefusal(request, response, new TidemarkError('internal', UNEXPECTED));
    });
  };
  // Node would refuse both by a status alone; an expectation that we do not know is none that we break.
  const server = createServer({ requireHostHeader: false }, answer);
  server.on('checkExpectation', answer);
  server.on('clientError', refuseMalformed);
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  server.timeout = STALLED_AFTER_MS;
  server.keepAliveTimeout = KEEP_ALIVE_TIMEOUT_MS;
  return server;
}

function readUrl({ url: sent = '/', headers, httpVersion }: IncomingMessage): URL {
  if (headers.host === undefined && httpVersion === '1.1') {
    const reason = 'A request by HTTP/1.1 says whom it calls: send the header host.';
    throw new TidemarkError('invalid_input', reason, { header: 'host' });
  }
  const url = URL.parse(sent, 'http://localhost');
  if (url === null) throw new TidemarkError('invalid_input', 'The URL of this request cannot be read.');
  return url;
}

/** For load balancers, not for restarts: `healthz` says whether the process serves. */
async function sendReadiness(response: ServerResponse, { readiness, bus }: Resources): Promise<void> {
  const { isReady, database } = await readiness.check();
  const status = isReady ? 'ready' : 'not ready';
  sendJson(response, isReady ? 200 : 503, { status, database, bus: bus.connectionState });
}
