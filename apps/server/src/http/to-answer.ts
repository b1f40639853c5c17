import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Resources, TidemarkError } from '@tidemark/services';
import { allowOrigin } from './allow-origin.ts';
import type { HttpOptions } from './create-http-server.ts';
import { createTrpcHandler } from './create-trpc-handler.ts';
import { findRequestFlaw } from './find-request-flaw.ts';
import { measureExport } from './measure-export.ts';
import { readLargeBody } from './read-large-body.ts';
import { isOfRouter } from './route.ts';
import { findExportFormat, sendExport } from './send-export.ts';
import { sendJson } from './send-json.ts';
import { sendMetrics } from './send-metrics.ts';

/** The way each request is answered, or its refusal thrown. */
export function toAnswer(options: HttpOptions): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const { resources, logger, allowedOrigins, metricsToken, trustedProxies = 0, dashboardToken, router } = options;
  const serving = { resources, proxies: { count: trustedProxies, dashboardToken } };
  const handleTrpc = createTrpcHandler(serving, logger, router);
  return async (request, response) => {
    if (allowOrigin(request, response, allowedOrigins) === 'answered') return;
    const url = readUrl(request);
    const { pathname } = url;
    if (isOfRouter(pathname)) {
      const flaw = findRequestFlaw(request, url);
      if (flaw !== undefined) throw flaw;
      if (!(await readLargeBody(request, serving))) return;
      return handleTrpc(request, response);
    }
    const format = findExportFormat(pathname);
    if (format !== undefined) {
      return await measureExport(request, response, resources, (measure) =>
        sendExport(request, response, { serving, logger, url, format, measure }),
      );
    }
    if (pathname === '/healthz') return sendJson(response, 200, { status: 'ok' });
    if (pathname === '/readyz') return await sendReadiness(response, resources);
    if (pathname === '/metrics') return await sendMetrics(request, response, { resources, metricsToken });
    const reason = `There is nothing at ${pathname}: the API is at /trpc, exports at /export/events.ndjson and .csv, the probes at /healthz and /readyz, metrics at /metrics.`;
    throw new TidemarkError('not_found', reason, { path: pathname });
  };
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
