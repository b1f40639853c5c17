import type { IncomingMessage } from 'node:http';
import { MAX_BATCH_CALLS } from '@tidemark/schemas';
import { TidemarkError } from '@tidemark/services';

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
  const calls = url.searchParams.get('batch') === '1' ? url.pathname.split(',').length : 1;
  if (calls > MAX_BATCH_CALLS) {
    const reason = `A batch holds at most ${MAX_BATCH_CALLS} calls, and this one has ${calls}: send several.`;
    return new TidemarkError('invalid_input', reason, { limit: MAX_BATCH_CALLS, calls });
  }
  return undefined;
}

function isJson(contentType: string | null): boolean {
  return contentType?.split(';', 1)[0]?.trim().toLowerCase() === 'application/json';
}
