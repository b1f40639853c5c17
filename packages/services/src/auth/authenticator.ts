import { type Database, findApiKeyRow, findSessionRow } from '@tidemark/database';
import type { ControlNotice } from '@tidemark/schemas';
import type { LookUp } from '../resilience/look-up.ts';
import { type Actor, isInForce, toActor } from './actor.ts';
import type { KeyUses } from './key-uses.ts';
import { LastKnown } from './last-known.ts';
import { hashSecret, isSessionToken } from './secret.ts';

/** Longer ones are none of ours, and not worth hashing. */
const MAX_BEARER_LENGTH = 200;

export type AuthenticatorOptions = {
  readonly database: Pick<Database, 'directory'>;
  readonly keyUses: KeyUses;
  readonly lookUp: LookUp;
  /** Epoch ms. */
  readonly clock: () => number;
  /** Monotonic ms. */
  readonly elapsed: () => number;
};

/**
 * Finds out who calls. What the database said is remembered for a second, of unknown credentials too, and what ended
 * here or was announced by another server is forgotten at once. While PostgreSQL is away, whom it knew last may
 * go on for a while: see LastKnown.
 */
export class Authenticator {
  readonly #options: AuthenticatorOptions;
  /** By the hash of the bearer, with a mark of what kind it is. */
  readonly #actors: LastKnown<Actor>;

  constructor(options: AuthenticatorOptions) {
    this.#options = options;
    const { lookUp, elapsed } = options;
    this.#actors = new LastKnown({ load: (name) => lookUp(() => this.#load(name)), elapsed });
  }

  /** The actor of a key's secret or a session's token; undefined when unknown, expired or revoked. */
  async authenticate(bearer: string): Promise<Actor | undefined> {
    if (bearer.length > MAX_BEARER_LENGTH) return undefined;
    const actor = await this.#actors.find(toName(bearer));
    if (actor === undefined || !isInForce(actor, this.#options.clock())) return undefined;
    this.#options.keyUses.note(actor.keyId);
    return actor;
  }

  /** Whether this bearer was somebody's when it was looked up last. */
  knows(bearer: string): boolean {
    return bearer.length <= MAX_BEARER_LENGTH && this.#actors.has(toName(bearer));
  }

  /** After a key or session changed, here or elsewhere: what was known of it is asked again. */
  forget({ about, id }: ControlNotice): void {
    if (about === 'key') this.#actors.forget(({ keyId }) => keyId === id);
    if (about === 'session') this.#actors.forget(({ sessionId }) => sessionId === id);
  }

  async #load(name: string): Promise<Actor | undefined> {
    const { directory } = this.#options.database;
    const hash = Buffer.from(name.slice(1), 'base64');
    if (!name.startsWith(SESSION)) {
      const key = await findApiKeyRow(directory, hash);
      return key && toActor(key);
    }
    const session = await findSessionRow(directory, hash);
    return session && toActor(session);
  }
}

const SESSION = 's';
const KEY = 'k';

function toName(bearer: string): string {
  return `${isSessionToken(bearer) ? SESSION : KEY}${hashSecret(bearer).toString('base64')}`;
}
