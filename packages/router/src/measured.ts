import type { CallOutcome } from '@tidemark/services';
import { askableAhead } from './askable-ahead.ts';
import { measureStream } from './measure-stream.ts';
import { toCode } from './to-error-shape.ts';
import { middleware } from './trpc.ts';

/**
 * Counts each call of a procedure with what came of it, for metrics, traces and the request's line in the log. A stream's
 * values come after the middleware is done: it counts as it ends, and its span lasts until it began.
 */
export const measured = middleware(async ({ ctx: { resources, trail }, path, type, signal, next }) => {
  const call = resources.metrics.begin(path);
  return await resources.tracer.span(path, { kind: type }, async (span) => {
    const result = await next();
    const outcome = result.ok ? 'ok' : toCode(result.error);
    const noted = { procedure: path, outcome };
    trail?.calls.push(noted);
    const begun = Promise.withResolvers<void>();
    const answered = (by: CallOutcome) => {
      if (by !== 'ok') span.fail(by);
      call.answered();
      begun.resolve();
    };
    const ended = (by: CallOutcome) => {
      noted.outcome = by;
      call.ended(by);
      begun.resolve();
    };
    if (result.ok && isStream(result.data)) {
      span.until(begun.promise);
      return { ...result, data: askableAhead(measureStream(result.data, { answered, ended }, signal)) };
    }
    answered(outcome);
    ended(outcome);
    return result;
  });
});

function isStream(data: unknown): data is AsyncIterable<unknown> {
  return typeof data === 'object' && data !== null && Symbol.asyncIterator in data;
}
