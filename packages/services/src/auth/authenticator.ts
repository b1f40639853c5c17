import { type Database, findApiKeyRow, findSessionRow } from '@tidemark/database';
import { LRUCache } from 'lru-cache';
import { type Actor, toActor } from './actor.ts';
import { hashSecret, isSessionToken } from './secret.ts';

/** A revoked key works on for at most this long. */
const REMEMBERED_MS = 1_000;
const MAX_REMEMBERED = 10_000;
/** Longer ones are none of ours, and not worth hashing. */
const MAX_BEARER_LENGTH = 200;

/** Finds out who calls. Answers are remembered for a second, unknown credentials too. */
export class Authenticator {
  readonly #directory: Database['directory'];
  readonly #clock: () => number;
  readonly #known = new LRUCache<string, { actor: Promise<Actor | undefined> }>({
    max: MAX_REMEMBERED,
    ttl: REMEMBERED_MS,
  });

  constructor({ directory }: Pick<Database, 'directory'>, clock: () => number) {
    this.#directory = directory;
    this.#clock = clock;
  }

  /** The actor of a key's secret or a session's token; undefined when unknown, expired or revoked. */
  async authenticate(bearer: string): Promise<Actor | undefined> {
    if (bearer.length > MAX_BEARER_LENGTH) return undefined;
    const hash = hashSecret(bearer);
    const name = hash.toString('base64');
    const known = this.#known.get(name);
    if (known !== undefined) return await known.actor;
    const actor = isSessionToken(bearer) ? this.#ofSession(hash) : this.#ofKey(hash);
    this.#known.set(name, { actor });
    // A failed look-up is no answer to remember.
    actor.catch(() => this.#known.delete(name));
    return await actor;
  }

  /** Forgets everything: after a key or session ended here, it ends at once. */
  forget(): void {
    this.#known.clear();
  }

  async #ofKey(hash: Buffer): Promise<Actor | undefined> {
    const key = await findApiKeyRow(this.#directory, hash);
    return key && toActor(key, null, this.#clock());
  }

  async #ofSession(hash: Buffer): Promise<Actor | undefined> {
    const session = await findSessionRow(this.#directory, hash);
    if (session === undefined || session.sessionExpiresAt <= this.#clock()) return undefined;
    return toActor(session, session.sessionId, this.#clock());
  }
}
