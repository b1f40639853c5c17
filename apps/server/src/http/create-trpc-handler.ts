import type { IncomingMessage, ServerResponse } from 'node:http';
import { appRouter, type ProcedureMeta, type RequestContext, toLimitClass, withRequestId } from '@tidemark/router';
import { MAX_BATCH_CALLS } from '@tidemark/schemas';
import { prepayCalls, TidemarkError } from '@tidemark/services';
import type { AnyTRPCRouter } from '@trpc/server';
import { createHTTPHandler } from '@trpc/server/adapters/standalone';
import type { TRPCRequestInfo } from '@trpc/server/http';
import type { Logger } from 'pino';
import { SparseLines } from './sparse-lines.ts';
import { toLimitHeaders } from './to-limit-headers.ts';
import { type HttpContext, type Serving, toRawContext } from './to-raw-context.ts';
import { toRequestId } from './to-request-id.ts';

/**
 * The router over HTTP. Only failures of ours are logged: a refusal is the caller's to read. What failed unexpectedly is
 * logged each time, what passes by itself now and then.
 */
export function createTrpcHandler(serving: Serving, logger: Logger, router: AnyTRPCRouter = appRouter) {
  const lines = new SparseLines();
  const handle = createHTTPHandler({
    router,
    basePath: '/trpc/',
    maxBatchSize: MAX_BATCH_CALLS,
    allowMethodOverride: true,
    createContext: ({ req, info }) => toContext(toRawContext(req, serving), info),
    onError: ({ error, path, req }) => {
      if (error.code === 'INTERNAL_SERVER_ERROR') {
        logger.error({ error: error.cause ?? error, path, requestId: toRequestId(req) }, 'a call failed');
      } else if (error.cause instanceof TidemarkError && error.cause.httpStatus >= 500) {
        const { code, cause } = error.cause;
        const leftOut = lines.take(code);
        if (leftOut === undefined) return;
        logger.warn({ code, cause, leftOut, path, requestId: toRequestId(req) }, error.message);
      }
    },
    responseMeta: ({ ctx, errors, eagerGeneration }) => {
      const { bill } = (ctx ?? {}) as Partial<HttpContext>;
      const headers: Record<string, string> = {
        vary: 'trpc-accept, accept, origin',
        ...(bill && toLimitHeaders(bill)),
      };
      // The transport leaves it out of refusals that come before any procedure; a stream has its own.
      if (!eagerGeneration) headers['content-type'] = 'application/json';
      // The transport's own would let a stream be kept; whoever compresses it would hold messages back.
      else headers['cache-control'] = 'no-store, no-transform';
      const retryAfterMs = errors
        .map(({ cause }) => (cause instanceof TidemarkError ? Number(cause.evidence.retryAfterMs) : Number.NaN))
        .find((ms) => ms > 0);
      if (retryAfterMs !== undefined) headers['retry-after'] = String(Math.ceil(retryAfterMs / 1_000));
      return { headers };
    },
  });
  return (request: IncomingMessage, response: ServerResponse) =>
    withRequestId(toRequestId(request), () => handle(request, response));
}

/** Answers that are streamed begin before their calls do, so those are charged here, for the headers to say it. */
async function toContext(ctx: HttpContext, { accept, calls }: TRPCRequestInfo): Promise<RequestContext> {
  if (accept !== 'application/jsonl') return ctx;
  const classes = calls.flatMap(({ path, procedure }) => {
    if (procedure === null) return [];
    const { type, meta } = procedure._def;
    return [toLimitClass(path, type, meta as ProcedureMeta | undefined)];
  });
  await prepayCalls(ctx, classes);
  return ctx;
}
