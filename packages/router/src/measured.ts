import { toCode } from './to-error-shape.ts';
import { middleware } from './trpc.ts';

/** Counts each call of a procedure with what came of it, for metrics, traces and the request's line in the log. */
export const measured = middleware(async ({ ctx: { resources, trail }, path, type, next }) => {
  const end = resources.metrics.begin(path);
  return await resources.tracer.span(path, { kind: type }, async (span) => {
    const result = await next();
    const outcome = result.ok ? 'ok' : toCode(result.error);
    if (!result.ok) span.fail(outcome);
    end(outcome);
    trail?.calls.push({ procedure: path, outcome });
    return result;
  });
});
