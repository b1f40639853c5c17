import type { ErrorCode, ErrorData } from '@tidemark/schemas';
import { TidemarkError } from '@tidemark/services';
import { getTRPCErrorFromUnknown, type TRPCError } from '@trpc/server';
import type { TRPC_ERROR_CODE_NUMBER } from '@trpc/server/rpc';
import { ZodError } from 'zod';
import { toInvalidInput } from './parse-input.ts';
import { currentRequestId } from './request-id.ts';
import { type Place, type Reason, toTransportReason } from './to-transport-reason.ts';

type Shape = { message: string; code: TRPC_ERROR_CODE_NUMBER; data: { httpStatus: number } };
type At = Place & { readonly requestId: string | undefined };

const FAILED: Reason = {
  code: 'internal',
  reason: 'Something failed on our side; the request id finds it in the log.',
  evidence: {},
};

/** The one place where an error becomes what the wire carries; the unknown says only a request id. */
export function toErrorShape(shape: Shape, error: TRPCError, { requestId, ...place }: At) {
  const { code, reason, evidence } = toReason(error, place);
  const { httpStatus } = shape.data;
  const data: ErrorData = { code, httpStatus, reason, evidence, requestId: requestId ?? currentRequestId() ?? 'none' };
  return { message: reason, code: shape.code, data };
}

/** The code of the closed set that an error goes out with. */
export function toCode(error: unknown): ErrorCode {
  return toReason(getTRPCErrorFromUnknown(error), { path: undefined, type: 'unknown' }).code;
}

function toReason(error: TRPCError, place: Place): Reason {
  const { cause } = error;
  if (cause instanceof TidemarkError) return { code: cause.code, reason: cause.message, evidence: cause.evidence };
  if (cause instanceof ZodError && error.code === 'BAD_REQUEST') return toInvalidInput(cause);
  return toTransportReason(error, place) ?? FAILED;
}
