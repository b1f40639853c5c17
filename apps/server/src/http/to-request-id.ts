import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** What nobody needs to quote, and no key or session token put into the wrong header. */
const HARMLESS = /^(?!tm[ks]_)[\w.-]{1,64}$/i;

const ids = new WeakMap<IncomingMessage, string>();

/** The request's id: the caller's own where it is harmless to log, else a new one; the same at every call. */
export function toRequestId(request: IncomingMessage): string {
  const known = ids.get(request);
  if (known !== undefined) return known;
  const given = request.headers['x-request-id'];
  const id = typeof given === 'string' && HARMLESS.test(given) ? given : randomUUID();
  ids.set(request, id);
  return id;
}
