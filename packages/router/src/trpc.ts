import { initTRPC } from '@trpc/server';
import type { RequestContext } from './context.ts';
import type { ProcedureMeta } from './limit-class.ts';
import { toErrorShape } from './to-error-shape.ts';

/** How long a stream may be silent before the server pings it, and a client may hear nothing before it reconnects. */
const PING_INTERVAL_MS = 10_000;
const RECONNECT_AFTER_INACTIVITY_MS = 30_000;

const trpc = initTRPC
  .context<RequestContext>()
  .meta<ProcedureMeta>()
  .create({
    errorFormatter: ({ shape, error, ctx, path, type }) =>
      toErrorShape(shape, error, { requestId: ctx?.requestId, path, type }),
    sse: {
      ping: { enabled: true, intervalMs: PING_INTERVAL_MS },
      client: { reconnectAfterInactivityMs: RECONNECT_AFTER_INACTIVITY_MS },
    },
  });

export const { router, middleware, mergeRouters } = trpc;
/** The bare builder; procedures use the ones of procedure.ts, which say what they guarantee. */
export const baseProcedure = trpc.procedure;
