import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { toTrail } from './request-trail.ts';
import { toRequestId } from './to-request-id.ts';

/** What is asked every few seconds and says nothing. */
const PROBES = ['/healthz', '/readyz', '/metrics'];

/**
 * One line when a request has ended: who asked for what and what came of it. Nothing that a caller wrote is in it but the
 * request id, which is harmless: no header, no query, no body, and only paths that exist. Resolves when it has ended.
 */
export function logRequest(
  request: IncomingMessage,
  response: ServerResponse,
  { route, logger }: { route: string; logger: Logger },
): Promise<void> {
  const started = performance.now();
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  response.on('close', () => {
    const { calls, actor, tenantId } = toTrail(request);
    const level = PROBES.includes(route) ? 'debug' : 'info';
    logger[level](
      {
        method: request.method,
        route,
        calls,
        status: response.statusCode,
        isComplete: response.writableFinished,
        durationMs: Math.round(performance.now() - started),
        requestId: toRequestId(request),
        keyId: actor?.keyId,
        tenantId: tenantId ?? actor?.tenantId ?? undefined,
      },
      'request',
    );
    resolve();
  });
  return closed;
}
