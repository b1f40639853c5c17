import type { ErrorCode, ErrorData } from '@tidemark/schemas';
import { TRPCClientError } from '@trpc/client';

/**
 * Why a call failed, as the API said it. Where no API answered, the same shape says so: `unavailable`,
 * `timed_out` or `internal`, with `httpStatus` 0 and no request id.
 */
export type TidemarkError = Omit<ErrorData, 'requestId'> & { readonly requestId: string | null };

/** Whether this is a refusal by the API itself, with its evidence in `error.data`. */
export function isTidemarkError(error: unknown): error is Error & { readonly data: ErrorData } {
  return error instanceof TRPCClientError && isErrorData(error.data);
}

/** Reads any failure of a call. */
export function toTidemarkError(error: unknown): TidemarkError {
  if (isTidemarkError(error)) return error.data;
  const causes = [...causesOf(error)];
  if (causes.some(({ name }) => name === 'TimeoutError')) {
    return unanswered('timed_out', 'The server did not answer in time.');
  }
  if (error instanceof TRPCClientError) {
    return unanswered('unavailable', `No answer from the API: ${causes.at(-1)?.message ?? error.message}`);
  }
  return unanswered('internal', causes[0]?.message ?? String(error));
}

const PASSING: ReadonlySet<ErrorCode> = new Set(['unavailable', 'overloaded', 'rate_limited', 'timed_out', 'internal']);

/** Whether asking again later may help; any other refusal would only be repeated. */
export function isPassing({ code }: TidemarkError): boolean {
  return PASSING.has(code);
}

/** How long the server asks to be left alone, in milliseconds. */
export function toRetryAfterMs({ evidence }: TidemarkError): number {
  return typeof evidence.retryAfterMs === 'number' ? evidence.retryAfterMs : 0;
}

function unanswered(code: ErrorCode, reason: string): TidemarkError {
  return { code, httpStatus: 0, reason, evidence: {}, requestId: null };
}

function isErrorData(data: unknown): data is ErrorData {
  return typeof data === 'object' && data !== null && 'code' in data && 'evidence' in data && 'requestId' in data;
}

/** An error and what caused it, outermost first; Node hides "connect ECONNREFUSED" two levels down. */
function* causesOf(error: unknown): Generator<Error> {
  for (let cause = error; cause instanceof Error; cause = cause.cause) yield cause;
}
