import type { ErrorCode, ErrorData } from '@tidemark/schemas';
import { TidemarkError } from '@tidemark/services';
import type { TRPCError } from '@trpc/server';
import type { TRPC_ERROR_CODE_NUMBER } from '@trpc/server/rpc';
import { ZodError } from 'zod';

type Shape = { message: string; code: TRPC_ERROR_CODE_NUMBER; data: { path?: string; httpStatus: number } };

/** tRPC's own refusals in the words of our closed set. */
const FROM_TRPC: Partial<Record<TRPCError['code'], ErrorCode>> = {
  BAD_REQUEST: 'invalid_input',
  PARSE_ERROR: 'invalid_input',
  NOT_FOUND: 'not_found',
  METHOD_NOT_SUPPORTED: 'method_not_allowed',
  UNSUPPORTED_MEDIA_TYPE: 'unsupported_media_type',
  PAYLOAD_TOO_LARGE: 'payload_too_large',
};

/** The one place where an error becomes what the wire carries; the unknown says only a request id. */
export function toErrorShape(shape: Shape, error: TRPCError, requestId = 'none') {
  const { code, reason, evidence } = toReason(error);
  const data: ErrorData = { code, httpStatus: shape.data.httpStatus, reason, evidence, requestId };
  return { message: reason, code: shape.code, data };
}

function toReason(error: TRPCError): Pick<ErrorData, 'code' | 'reason' | 'evidence'> {
  const { cause } = error;
  if (cause instanceof TidemarkError) return { code: cause.code, reason: cause.message, evidence: cause.evidence };
  if (cause instanceof ZodError && error.code === 'BAD_REQUEST') {
    const issues = cause.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
    const reason = issues.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; ');
    return { code: 'invalid_input', reason, evidence: { issues } };
  }
  const code = FROM_TRPC[error.code];
  if (code !== undefined) return { code, reason: error.message, evidence: {} };
  return {
    code: 'internal',
    reason: 'Something failed on our side; the request id finds it in the log.',
    evidence: {},
  };
}
