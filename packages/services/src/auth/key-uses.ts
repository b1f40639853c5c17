import { type Database, noteKeyUses } from '@tidemark/database';

/** How closely the time of a key's last use is known, and how often a busy key costs a write, whatever the servers. */
const GRAIN_MS = 60_000;
/** Enough for every key in use; of more, the time of their last use is told a round later. */
const MAX_WAITING = 10_000;

export type KeyUsesOptions = {
  readonly database: Pick<Database, 'directory'>;
  /** Epoch ms. */
  readonly clock: () => number;
};

/** When keys were used, gathered and written together; a server that dies forgets its last round, which does no harm. */
export class KeyUses {
  readonly #options: KeyUsesOptions;
  readonly #waiting = new Map<string, number>();

  constructor(options: KeyUsesOptions) {
    this.#options = options;
  }

  note(keyId: string): void {
    if (this.#waiting.size < MAX_WAITING || this.#waiting.has(keyId)) this.#waiting.set(keyId, this.#options.clock());
  }

  /** Writes what has gathered; what could not be written waits for the next round. */
  async flush(): Promise<void> {
    if (this.#waiting.size === 0) return;
    const uses = new Map(this.#waiting);
    this.#waiting.clear();
    try {
      await noteKeyUses(this.#options.database.directory, uses, GRAIN_MS);
    } catch (error) {
      for (const [keyId, at] of uses) if (!this.#waiting.has(keyId)) this.#waiting.set(keyId, at);
      throw error;
    }
  }
}
