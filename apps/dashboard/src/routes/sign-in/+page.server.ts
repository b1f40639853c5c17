import { fail, redirect } from '@sveltejs/kit';
import { toLocalPath } from '#lib/server/local-path.ts';
import { readForm } from '#lib/server/read-form.ts';
import { readSession } from '#lib/server/session-cookie.ts';
import { signIn } from '#lib/server/sign-in.ts';
import type { Actions, PageServerLoad } from './$types';

/** The printed link lands here: its single-use code is exchanged at once, and the URL loses it. */
export const load: PageServerLoad = async (event) => {
  const { searchParams } = event.url;
  const code = searchParams.get('code');
  const isVisit = event.request.method === 'GET' && !event.request.headers.get('sec-purpose')?.includes('prefetch');
  if (code !== null && isVisit) {
    const problem = await signIn(event, { code });
    if (problem === undefined) redirect(303, '/');
    return { problem, notice: null };
  }
  if (readSession(event) !== undefined && !searchParams.has('ended')) redirect(303, '/');
  return { problem: null, notice: toNotice(searchParams) };
};

export const actions: Actions = {
  default: async (event) => {
    const form = await readForm(event);
    const key = form.get('key');
    if (typeof key !== 'string' || key.trim() === '') return fail(400, { problem: 'Paste a key first.' });
    const problem = await signIn(event, { key: key.trim() });
    if (problem !== undefined) return fail(401, { problem });
    redirect(303, toLocalPath(event.url.searchParams.get('next')));
  },
};

function toNotice(params: URLSearchParams): string | null {
  if (params.has('left')) return 'You are signed out.';
  return params.has('ended') ? 'Your session has ended. Sign in to go on.' : null;
}
