import type { IncomingMessage, ServerResponse } from 'node:http';
import { toRefusal, withRequestId } from '@tidemark/router';
import type { TidemarkError } from '@tidemark/services';
import { toRequestId } from './to-request-id.ts';

/** How long what is still being sent is passed over, for its sender to come to the refusal. */
const LINGER_MS = 1_000;

/** Refuses outside the router, in the shape of the router's own refusals. */
export function sendRefusal(request: IncomingMessage, response: ServerResponse, refusal: TidemarkError): void {
  if (refusal.code === 'method_not_allowed') response.setHeader('allow', 'GET, HEAD, POST');
  if (refusal.code === 'unsupported_media_type') response.setHeader('accept-encoding', 'identity');
  const { retryAfterMs } = refusal.evidence;
  if (typeof retryAfterMs === 'number') response.setHeader('retry-after', Math.ceil(retryAfterMs / 1_000));
  const body = JSON.stringify(withRequestId(toRequestId(request), () => toRefusal(refusal)));
  response.writeHead(refusal.httpStatus, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  });
  response.write(body);
  endOnceSent(request, response);
}

/** A connection that is closed before all that was sent is read may take the answer along, which is whole already. */
function endOnceSent(request: IncomingMessage, response: ServerResponse): void {
  const end = () => {
    clearTimeout(lingering);
    response.end();
  };
  const lingering = setTimeout(end, request.complete ? 0 : LINGER_MS);
  request.once('end', end).once('close', end).resume();
}
