import { randomUUID } from 'node:crypto';
import { forward } from '#lib/server/forward.ts';
import { findForeignness } from '#lib/server/is-cross-site.ts';
import { isTooLarge } from '#lib/server/is-too-large.ts';
import { logError } from '#lib/server/log-error.ts';
import { toOriginHeaders } from '#lib/server/origin-headers.ts';
import { readSession } from '#lib/server/session-cookie.ts';
import { toRefusal } from '#lib/server/to-refusal.ts';
import { TIDEMARK_API } from '$app/env/private';
import type { RequestHandler } from './$types';

const PROCEDURES = /^[A-Za-z]+(?:\.[A-Za-z]+)+(?:,[A-Za-z]+(?:\.[A-Za-z]+)+)*$/;

/** Its answer is the session's token, which no script may hold: only the sign-in page calls it. */
const NEVER = 'admin.sessions.create';

const MAX_BODY_BYTES = 4 * 1024 * 1024;

/** The browser's way to the API: same origin, and the session's token is added on this side. */
const handle: RequestHandler = async (event) => {
  const { params, request, url } = event;
  const { path } = params;
  const foreignness = findForeignness(request);
  if (foreignness !== undefined) return toRefusal('forbidden', foreignness);
  if (!PROCEDURES.test(path) || path.split(',').includes(NEVER))
    return toRefusal('not_found', 'There is no such procedure here.');
  if (Number(request.headers.get('content-length') ?? 0) > MAX_BODY_BYTES)
    return toRefusal('payload_too_large', TOO_LARGE);
  const token = readSession(event);
  if (token === undefined) return toRefusal('unauthenticated', 'You are signed out: sign in again.');
  try {
    const target = `${TIDEMARK_API}/trpc/${path}${url.search}`;
    return await forward(request, { url: target, token, origin: toOriginHeaders(event) });
  } catch (error) {
    if (isTooLarge(error)) return toRefusal('payload_too_large', TOO_LARGE);
    const requestId = randomUUID();
    if (!request.signal.aborted) logError(`the API did not answer request ${requestId}`, error);
    return toRefusal('unavailable', 'The API does not answer; it may be restarting.', requestId);
  }
};

export const GET = handle;
export const POST = handle;

const TOO_LARGE = `A request may carry at most ${MAX_BODY_BYTES} bytes.`;
