import { redirect } from '@sveltejs/kit';
import { apiFor } from '#lib/server/api.ts';
import { logError } from '#lib/server/log-error.ts';
import { forgetSession, readSession } from '#lib/server/session-cookie.ts';
import type { RequestHandler } from './$types';

/** Ends the session at the API as well; should that not answer, the cookie is gone all the same. */
export const POST: RequestHandler = async (event) => {
  if (readSession(event) !== undefined) {
    await apiFor(event)
      .admin.sessions.end.mutate()
      .catch((error: unknown) => logError('a session could not be ended at the API', error));
  }
  forgetSession(event);
  redirect(303, '/sign-in?left=1');
};
