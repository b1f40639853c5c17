import { error, type RequestEvent, redirect } from '@sveltejs/kit';
import { type TidemarkError, toTidemarkError } from '@tidemark/client';
import { forgetSession } from './session-cookie.ts';

type Visit = Pick<RequestEvent, 'cookies' | 'request' | 'url'>;

/** Turns a failed call into what the visitor gets: the sign-in page where a session ended, or an error page. */
export function refuse(visit: Visit, failure: unknown): never {
  const told = toTidemarkError(failure);
  if (told.code === 'unauthenticated') {
    forgetSession(visit);
    askToSignIn(visit, { ended: '1' });
  }
  error(toStatus(told), told.reason, { code: told.code, requestId: told.requestId });
}

/** Sends to the sign-in page, and from there back to this one. */
export function askToSignIn({ url }: Pick<Visit, 'url'>, why: { ended?: '1' } = {}): never {
  const here = url.pathname + url.search;
  const params = new URLSearchParams({ ...why, ...(here === '/' ? {} : { next: here }) });
  redirect(303, params.size === 0 ? '/sign-in' : `/sign-in?${params}`);
}

function toStatus({ httpStatus }: TidemarkError): number {
  return httpStatus >= 400 && httpStatus < 600 ? httpStatus : 503;
}
