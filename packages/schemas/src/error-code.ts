import { z } from 'zod';

/** Every way the API refuses, with its HTTP status. The set is closed. */
export const ERROR_STATUS = {
  invalid_input: 400,
  invalid_cursor: 400,
  tenant_required: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  cursor_expired: 412,
  payload_too_large: 413,
  unsupported_media_type: 415,
  beyond_retention: 422,
  range_too_long: 422,
  too_many_buckets: 422,
  rate_limited: 429,
  overloaded: 503,
  unavailable: 503,
  timed_out: 504,
  internal: 500,
} as const;

export type ErrorCode = keyof typeof ERROR_STATUS;
export const errorCodeSchema = z.enum(Object.keys(ERROR_STATUS) as [ErrorCode, ...ErrorCode[]]);

/** `error.data` on the wire: what was wrong, where, and what to do. */
export const errorDataSchema = z.object({
  code: errorCodeSchema,
  httpStatus: z.number(),
  reason: z.string(),
  evidence: z.record(z.string(), z.unknown()),
  requestId: z.string(),
});
export type ErrorData = z.infer<typeof errorDataSchema>;
