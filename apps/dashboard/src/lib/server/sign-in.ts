import { toTidemarkError } from '@tidemark/client';
import type { CreateSessionInput } from '@tidemark/schemas';
import { apiFor, type Visit } from './api.ts';
import { keepSession } from './session-cookie.ts';

/** Signs in with a key or a link's code: the session goes into the cookie, or the reason comes back. */
export async function signIn(event: Visit, input: CreateSessionInput): Promise<string | undefined> {
  try {
    keepSession(event, await apiFor(event).admin.sessions.create.mutate(input));
    return undefined;
  } catch (error) {
    const { code, reason } = toTidemarkError(error);
    if (code === 'unauthenticated' || code === 'invalid_input' || code === 'not_found') {
      return 'key' in input ? WRONG_KEY : SPENT_CODE;
    }
    return reason;
  }
}

const WRONG_KEY = 'That key is not known here. It may be mistyped, revoked or expired.';
const SPENT_CODE =
  'This sign-in link was used already, or has expired. Restart the server for a new one, or paste a key from .tidemark/credentials.json.';
