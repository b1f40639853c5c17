import type { ErrorCode } from '@tidemark/schemas';
import { TidemarkError } from '@tidemark/services';
import { TRPCError } from '@trpc/server';
import { middleware } from './trpc.ts';

/** The transport's name for each of our codes: it decides the HTTP status. */
const TO_TRPC = {
  invalid_input: 'BAD_REQUEST',
  invalid_cursor: 'BAD_REQUEST',
  tenant_required: 'BAD_REQUEST',
  unauthenticated: 'UNAUTHORIZED',
  forbidden: 'FORBIDDEN',
  not_found: 'NOT_FOUND',
  method_not_allowed: 'METHOD_NOT_SUPPORTED',
  conflict: 'CONFLICT',
  cursor_expired: 'PRECONDITION_FAILED',
  payload_too_large: 'PAYLOAD_TOO_LARGE',
  unsupported_media_type: 'UNSUPPORTED_MEDIA_TYPE',
  beyond_retention: 'UNPROCESSABLE_CONTENT',
  range_too_long: 'UNPROCESSABLE_CONTENT',
  too_many_buckets: 'UNPROCESSABLE_CONTENT',
  rate_limited: 'TOO_MANY_REQUESTS',
  overloaded: 'SERVICE_UNAVAILABLE',
  unavailable: 'SERVICE_UNAVAILABLE',
  timed_out: 'GATEWAY_TIMEOUT',
  internal: 'INTERNAL_SERVER_ERROR',
} as const satisfies Record<ErrorCode, TRPCError['code']>;

/** The one place where a refusal of a service becomes one of the transport. */
export const translateErrors = middleware(async ({ next }) => {
  const result = await next();
  if (!result.ok) throw toTrpcError(result.error);
  return result;
});

/** Also for streams, whose errors come after the middleware is done. */
export function toTrpcError(error: unknown): unknown {
  const cause = error instanceof TRPCError ? error.cause : error;
  if (!(cause instanceof TidemarkError)) return error;
  return new TRPCError({ code: TO_TRPC[cause.code], message: cause.message, cause });
}
