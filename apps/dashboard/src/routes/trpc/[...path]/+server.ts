import { isHttpError } from '@sveltejs/kit';
import type { ErrorCode } from '@tidemark/schemas';
import { ERROR_STATUS } from '@tidemark/schemas';
import { forward } from '#lib/server/forward.ts';
import { isForeignCall } from '#lib/server/is-cross-site.ts';
import { toOriginHeaders } from '#lib/server/origin-headers.ts';
import { readSession } from '#lib/server/session-cookie.ts';
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
  if (isForeignCall(request)) return refusal('forbidden', 'This call comes from another site, so it was refused.');
  if (!PROCEDURES.test(path) || path.split(',').includes(NEVER))
    return refusal('not_found', 'There is no such procedure here.');
  if (Number(request.headers.get('content-length') ?? 0) > MAX_BODY_BYTES)
    return refusal('payload_too_large', TOO_LARGE);
  const token = readSession(event);
  if (token === undefined) return refusal('unauthenticated', 'You are signed out: sign in again.');
  try {
    const target = `${TIDEMARK_API}/trpc/${path}${url.search}`;
    return await forward(request, { url: target, token, origin: toOriginHeaders(event) });
  } catch (error) {
    if (isTooLarge(error)) return refusal('payload_too_large', TOO_LARGE);
    return refusal('unavailable', 'The API does not answer; it may be restarting.');
  }
};

export const GET = handle;
export const POST = handle;

const TOO_LARGE = `A request may carry at most ${MAX_BODY_BYTES} bytes.`;

/** The same shape as the API's own refusals, so that clients read one. */
function refusal(code: ErrorCode, reason: string): Response {
  const status = ERROR_STATUS[code];
  const data = { code, httpStatus: status, reason, evidence: {}, requestId: 'dashboard' };
  return Response.json({ error: { message: reason, code: -32_000, data } }, { status });
}

/** How the server's own limit on bodies shows while one is read. */
function isTooLarge(error: unknown): boolean {
  return isHttpError(error, 413) || (error instanceof Error && 'status' in error && error.status === 413);
}
