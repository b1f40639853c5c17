import { type ErrorCode, type ErrorData, MAX_BODY_BYTES } from '@tidemark/schemas';
import { TidemarkError } from '@tidemark/services';
import type { TRPCError } from '@trpc/server';
import type { TRPC_ERROR_CODE_NUMBER } from '@trpc/server/rpc';
import { ZodError } from 'zod';
import { toInvalidInput } from './parse-input.ts';
import { currentRequestId } from './request-id.ts';

type Reason = Pick<ErrorData, 'code' | 'reason' | 'evidence'>;
type Shape = { message: string; code: TRPC_ERROR_CODE_NUMBER; data: { path?: string; httpStatus: number } };

/** tRPC's own refusals in the words of our closed set. */
const FROM_TRPC: Partial<Record<TRPCError['code'], ErrorCode>> = {
  BAD_REQUEST: 'invalid_input',
  PARSE_ERROR: 'invalid_input',
  NOT_FOUND: 'not_found',
  METHOD_NOT_SUPPORTED: 'method_not_allowed',
  UNSUPPORTED_MEDIA_TYPE: 'unsupported_media_type',
};

const TOO_LARGE: Reason = {
  code: 'payload_too_large',
  reason: 'A request may carry at most 4 MiB: send fewer events at a time.',
  evidence: { limitBytes: MAX_BODY_BYTES },
};

/** The one place where an error becomes what the wire carries; the unknown says only a request id. */
export function toErrorShape(shape: Shape, error: TRPCError, requestId: string | undefined) {
  const { code, reason, evidence } = toReason(error);
  const { httpStatus } = shape.data;
  const data: ErrorData = { code, httpStatus, reason, evidence, requestId: requestId ?? currentRequestId() ?? 'none' };
  return { message: reason, code: shape.code, data };
}

/** The code of the closed set that an error goes out with. */
export function toCode(error: TRPCError): ErrorCode {
  return toReason(error).code;
}

function toReason(error: TRPCError): Reason {
  const { cause } = error;
  if (cause instanceof TidemarkError) return { code: cause.code, reason: cause.message, evidence: cause.evidence };
  if (cause instanceof ZodError && error.code === 'BAD_REQUEST') return toInvalidInput(cause);
  if (error.code === 'PAYLOAD_TOO_LARGE') return TOO_LARGE;
  const code = FROM_TRPC[error.code];
  if (code !== undefined) return { code, reason: error.message, evidence: {} };
  return {
    code: 'internal',
    reason: 'Something failed on our side; the request id finds it in the log.',
    evidence: {},
  };
}
