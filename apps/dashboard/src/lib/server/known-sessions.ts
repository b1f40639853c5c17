import { createHash } from 'node:crypto';
import { toTidemarkError } from '@tidemark/client';
import type { CurrentSession } from '@tidemark/schemas';

/** More people than look at one dashboard at a time. */
const MAX_SESSIONS = 1_000;
/** As long as the API itself honours the keys it knows while its database is away. */
const KNOWN_MS = 10 * 60_000;

/**
 * Who was here last, for the time when the API answers but its database does not: a page then opens with the tenants
 * that were there, and its panels show what is still known. It lets nobody in: each call is judged by the API anew.
 */
export class KnownSessions {
  /** By a digest, so that no token lies about. */
  readonly #known = new Map<string, { readonly session: CurrentSession; readonly until: number }>();

  /** Asks who is here, or remembers it where only the database is away. */
  async find(token: string, ask: () => Promise<CurrentSession>): Promise<CurrentSession> {
    const key = createHash('sha256').update(token).digest('base64');
    try {
      const session = await ask();
      this.#remember(key, session);
      return session;
    } catch (error) {
      const known = isDatabaseAway(error) ? this.#known.get(key) : undefined;
      if (known === undefined || known.until < Date.now()) throw error;
      return known.session;
    }
  }

  /** The last that was here goes to the end, and whoever was not for longest makes room. */
  #remember(key: string, session: CurrentSession): void {
    this.#known.delete(key);
    this.#known.set(key, { session, until: Date.now() + KNOWN_MS });
    const [oldest] = this.#known.keys();
    if (this.#known.size > MAX_SESSIONS && oldest !== undefined) this.#known.delete(oldest);
  }
}

/** The API itself answered, and says that what it needs does not. */
function isDatabaseAway(error: unknown): boolean {
  const { code, requestId } = toTidemarkError(error);
  return requestId !== null && (code === 'unavailable' || code === 'timed_out' || code === 'overloaded');
}
