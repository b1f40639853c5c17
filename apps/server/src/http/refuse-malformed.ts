import { randomUUID } from 'node:crypto';
import { maxHeaderSize } from 'node:http';
import type { Duplex } from 'node:stream';
import { toRefusal, withRequestId } from '@tidemark/router';
import { TidemarkError } from '@tidemark/services';
import { SECURITY_HEADERS } from './security-headers.ts';

/**
 * Refuses what is no HTTP request at all, which Node would do without a word. Who sends it may be confused about where
 * a request ends, so nothing more is read from this connection.
 */
export function refuseMalformed(error: Error & { code?: string }, socket: Duplex): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const requestId = randomUUID();
  const refusal = new TidemarkError('invalid_input', toReason(error.code), { malformed: error.code ?? 'HTTP' });
  const body = JSON.stringify(withRequestId(requestId, () => toRefusal(refusal)));
  const headers = {
    ...SECURITY_HEADERS,
    'x-request-id': requestId,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${refusal.httpStatus} Bad Request\r\n${lines.join('')}\r\n${body}`);
}

function toReason(code: string | undefined): string {
  if (code === 'HPE_HEADER_OVERFLOW') {
    return `The headers and the URL may have ${maxHeaderSize} bytes together: send a long input as the body of a POST.`;
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 'The request did not arrive whole in time: send it again, at once.';
  return 'This is no well-formed HTTP/1.1 request: use an HTTP client rather than writing it by hand.';
}
