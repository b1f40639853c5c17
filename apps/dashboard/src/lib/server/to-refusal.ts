import { randomUUID } from 'node:crypto';
import { ERROR_STATUS, type ErrorData } from '@tidemark/schemas';

/** The transport's numbers for what the dashboard refuses by itself, as the API has them. */
const TRANSPORT_CODE = {
  unauthenticated: -32_001,
  forbidden: -32_003,
  not_found: -32_004,
  payload_too_large: -32_013,
  unavailable: -32_603,
} as const;

/** The same shape as the API's own refusals, so that clients read one. */
export function toRefusal(
  code: keyof typeof TRANSPORT_CODE,
  reason: string,
  requestId: string = randomUUID(),
): Response {
  const status = ERROR_STATUS[code];
  const data: ErrorData = { code, httpStatus: status, reason, evidence: {}, requestId };
  const body = { error: { message: reason, code: TRANSPORT_CODE[code], data } };
  return Response.json(body, { status, headers: { 'x-request-id': requestId } });
}
