import type { Cookies } from '@sveltejs/kit';
import type { CreatedSession } from '@tidemark/schemas';
import { isHttps } from './is-https.ts';

const NAME = 'tidemark_session';

/** `Lax`, not `Strict`: a sign-in link may be opened from another site, and must land signed in. */
const OPTIONS = { path: '/', httpOnly: true, sameSite: 'lax' } as const;

type Carrier = { readonly cookies: Cookies; readonly request: Request };

/** What a token can be made of: anything else could not even be sent on. */
const TOKEN = /^[\w-]{1,200}$/;

export function readSession({ cookies }: Carrier): string | undefined {
  const value = cookies.get(NAME);
  return value !== undefined && TOKEN.test(value) ? value : undefined;
}

export function keepSession({ cookies, request }: Carrier, { token, expiresAt }: CreatedSession): void {
  cookies.set(NAME, token, { ...OPTIONS, secure: isHttps(request), expires: new Date(expiresAt) });
}

export function forgetSession({ cookies, request }: Carrier): void {
  cookies.delete(NAME, { ...OPTIONS, secure: isHttps(request) });
}
