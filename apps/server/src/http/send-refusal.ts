import type { IncomingMessage, ServerResponse } from 'node:http';
import { toRefusal, withRequestId } from '@tidemark/router';
import type { TidemarkError } from '@tidemark/services';
import { sendJson } from './send-json.ts';
import { toRequestId } from './to-request-id.ts';

/** Refuses outside the router, in the shape of the router's own refusals. */
export function sendRefusal(request: IncomingMessage, response: ServerResponse, refusal: TidemarkError): void {
  if (refusal.code === 'method_not_allowed') response.setHeader('allow', 'GET, HEAD, POST');
  if (refusal.code === 'unsupported_media_type') response.setHeader('accept-encoding', 'identity');
  const { retryAfterMs } = refusal.evidence;
  if (typeof retryAfterMs === 'number') response.setHeader('retry-after', Math.ceil(retryAfterMs / 1_000));
  const body = withRequestId(toRequestId(request), () => toRefusal(refusal));
  sendJson(response, refusal.httpStatus, body);
}
