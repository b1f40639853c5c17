import type { Handle, HandleServerError, ServerInit } from '@sveltejs/kit/hooks';
import { isCrossSiteWrite } from '#lib/server/is-cross-site.ts';
import { logError } from '#lib/server/log-error.ts';
import { NOT_A_FORM } from '#lib/server/read-form.ts';
import { secureFiles } from '#lib/server/secure-files.ts';
import { addSecurityHeaders } from '#lib/server/security-headers.ts';

export const init: ServerInit = secureFiles;

export const handle: Handle = async ({ event, resolve }) => {
  const response = isCrossSiteWrite(event.request)
    ? new Response('This request comes from another site, so it was refused.', { status: 403 })
    : await resolve(event);
  // What is not taken in one form is told the form that is.
  if (response.status === 415) response.headers.set('accept-encoding', 'identity');
  addSecurityHeaders(event.request, response.headers);
  return response;
};

export const handleError: HandleServerError = ({ kind, error }) => {
  if (kind === 'unknown') logError('a request failed', error);
  if (kind === 'framework' && error.status === 404) return { message: 'There is no such page.' };
  // The framework refuses most types by itself, in its own words.
  if (kind === 'framework' && error.status === 415) return { message: NOT_A_FORM };
};
