import type { IncomingMessage } from 'node:http';
import { isOpen } from '@tidemark/router';
import { MAX_BATCH_CALLS } from '@tidemark/schemas';
import { TidemarkError } from '@tidemark/services';

/** Room for a batch of them: a key or a code of 200 characters is all that is ever sent. */
const MAX_OPEN_BODY_BYTES = 16 * 1024;
const METHODS = ['GET', 'HEAD', 'POST'];

/** What is wrong with a request to the router before any procedure is looked at; undefined where nothing is. */
export function findRequestFlaw({ method = '', headers }: IncomingMessage, url: URL): TidemarkError | undefined {
  if (!METHODS.includes(method)) {
    return new TidemarkError('method_not_allowed', 'Ask queries by GET or POST, and mutations by POST.', { method });
  }
  const contentType = headers['content-type'] ?? null;
  if (method === 'POST' && !isJson(contentType)) {
    const reason = 'The body must be JSON: send the header "content-type: application/json".';
    return new TidemarkError('unsupported_media_type', reason, { contentType });
  }
  const { 'content-encoding': contentEncoding = 'identity' } = headers;
  if (method === 'POST' && contentEncoding.trim().toLowerCase() !== 'identity') {
    const reason = 'The body must come as it is: send it uncompressed, without the header content-encoding.';
    return new TidemarkError('unsupported_media_type', reason, { contentEncoding });
  }
  const { 'content-length': length } = headers;
  if (method === 'POST' && asksOpenly(url) && !(Number(length ?? Number.NaN) <= MAX_OPEN_BODY_BYTES)) {
    const reason = `A call that needs no key may carry at most ${MAX_OPEN_BODY_BYTES} bytes, and says how many: send the header content-length.`;
    return new TidemarkError('payload_too_large', reason, { limitBytes: MAX_OPEN_BODY_BYTES });
  }
  const calls = url.searchParams.get('batch') === '1' ? url.pathname.split(',').length : 1;
  if (calls > MAX_BATCH_CALLS) {
    const reason = `A batch holds at most ${MAX_BATCH_CALLS} calls, and this one has ${calls}: send several.`;
    return new TidemarkError('invalid_input', reason, { limit: MAX_BATCH_CALLS, calls });
  }
  return undefined;
}

/** Whether one of the calls is of a procedure that anyone may call, whose input is read before anyone is known. */
function asksOpenly({ pathname }: URL): boolean {
  const paths = decodePath(pathname.slice('/trpc/'.length)).replace(/\/+$/, '');
  return paths.split(',').some(isOpen);
}

/** As the router reads it; what it cannot read it refuses. */
function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function isJson(contentType: string | null): boolean {
  return contentType?.split(';', 1)[0]?.trim().toLowerCase() === 'application/json';
}
